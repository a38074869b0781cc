// SPDX-License-Identifier: Apache-2.0

//go:build linux

// Command vm386 is the first and only program of the small virtual machine in
// which tools/test386 runs 32-bit tests: it runs every test binary under /tests
// in the folder of the same name under /src, one at a time, and turns the
// machine off. Its last line, "vm386: N passed, M failed", is the result; a
// machine that stops without it has failed.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
	"unsafe"
)

// A package that hangs is asked for its stacks first, then killed.
const (
	packageTimeout = 4 * time.Minute
	killAfter      = packageTimeout + 20*time.Second
)

func main() {
	if os.Getpid() != 1 {
		fmt.Fprintln(os.Stderr, "vm386 turns its machine off: run it as init only")
		os.Exit(2)
	}
	if err := prepare(); err != nil {
		fmt.Println("vm386:", err)
	} else {
		passed, failed := runAll()
		fmt.Printf("vm386: %d passed, %d failed\n", passed, failed)
	}
	const drainOutput = 0x5409 // TCSBRK; a serial line is slower than a power switch
	syscall.Syscall(syscall.SYS_IOCTL, os.Stdout.Fd(), drainOutput, 1)
	syscall.Reboot(syscall.LINUX_REBOOT_CMD_POWER_OFF)
}

// prepare gives the tests what they may expect of a Linux machine: the usual
// file systems, a writable temporary folder and a loopback network.
func prepare() error {
	for _, m := range []struct{ kind, at string }{
		{"proc", "/proc"}, {"sysfs", "/sys"}, {"devtmpfs", "/dev"}, {"tmpfs", "/tmp"},
	} {
		if err := os.MkdirAll(m.at, 0o755); err != nil {
			return err
		}
		if err := syscall.Mount(m.kind, m.at, m.kind, 0, ""); err != nil {
			return fmt.Errorf("mount %s: %w", m.at, err)
		}
	}
	os.Setenv("HOME", "/tmp")
	os.Setenv("PATH", "/bin")
	if err := os.MkdirAll("/etc", 0o755); err != nil {
		return err
	}
	hosts := "127.0.0.1 localhost vm386\n::1 localhost\n"
	if err := os.WriteFile("/etc/hosts", []byte(hosts), 0o644); err != nil {
		return err
	}
	if err := syscall.Sethostname([]byte("vm386")); err != nil {
		return fmt.Errorf("set the host name: %w", err)
	}
	return loopbackUp()
}

// loopbackUp switches lo on; the kernel then gives it 127.0.0.1 and ::1.
func loopbackUp() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		return fmt.Errorf("loopback: %w", err)
	}
	defer syscall.Close(fd)
	request := struct { // struct ifreq of netdevice(7)
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}{flags: syscall.IFF_UP}
	copy(request.name[:], "lo")
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request)))
	if errno != 0 {
		return fmt.Errorf("loopback: %w", errno)
	}
	return nil
}

func runAll() (passed, failed int) {
	err := filepath.WalkDir("/tests", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		folder, err := filepath.Rel("/tests", filepath.Dir(path))
		if err != nil {
			return err
		}
		if run(path, folder) {
			passed++
		} else {
			failed++
		}
		return nil
	})
	if err != nil {
		fmt.Println("vm386:", err)
		failed++
	}
	return passed, failed
}

// run prints one line for a folder whose tests pass, and everything they wrote
// where they do not.
func run(binary, folder string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), killAfter)
	defer cancel()
	test := exec.CommandContext(ctx, binary, "-test.paniconexit0", "-test.timeout="+packageTimeout.String())
	test.Dir = filepath.Join("/src", folder)
	var out bytes.Buffer
	test.Stdout, test.Stderr = &out, &out
	start := time.Now()
	err := test.Run()
	took := time.Since(start).Seconds()
	if err != nil {
		fmt.Printf("%sFAIL %s %.1fs: %v\n", out.Bytes(), folder, took, err)
		return false
	}
	fmt.Printf("ok   %s %.1fs\n", folder, took)
	return true
}
