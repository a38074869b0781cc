// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// errPortTaken is why a process ended when one of its ports was in use: the one failure that another try can cure.
var errPortTaken = errors.New("a port was taken")

const (
	poll         = 50 * time.Millisecond // between two questions whether something is there yet
	stopPatience = 10 * time.Second      // from SIGTERM to SIGKILL
)

// process is a child with its output in a file. One goroutine owns the child: it starts it and waits for it.
type process struct {
	name    string
	cmd     *exec.Cmd
	logPath string
	logFrom int64         // where this run begins in the file, which earlier attempts may have written to
	done    chan struct{} // closed when the child is gone
	ending  sync.Once
}

// startProcess runs bin with exactly env. The log file is appended to.
func startProcess(name, bin, logPath string, env []string, args ...string) (*process, error) {
	out, err := os.OpenFile(logPath, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer out.Close() // the child has a descriptor of its own
	info, err := out.Stat()
	if err != nil {
		return nil, err
	}
	p := &process{name: name, logPath: logPath, logFrom: info.Size(), done: make(chan struct{})}
	p.cmd = exec.Command(bin, args...)
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = env, out, out
	p.cmd.SysProcAttr = dieWithParent()

	started := make(chan error)
	go func() {
		// The kernel's "parent" of dieWithParent is the thread that started the child; this one lives as long.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait() // how it ended is in ProcessState
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// waitReady polls ready until it returns nil. It fails when the child ends before that, when ctx does, and with
// errPortTaken when the child's log says so. A stranger on the admin port cannot pass for the child: the child ends
// if it cannot bind, and it has to be alive after the answer and to have logged that it runs, with the words of said.
func (p *process) waitReady(ctx context.Context, said string, ready func() error) error {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	var last error
	for {
		select {
		case <-p.done:
			cause := fmt.Errorf("%s ended: %v", p.name, p.cmd.ProcessState)
			if strings.Contains(p.log(), "address already in use") {
				cause = fmt.Errorf("%s: %w", p.name, errPortTaken)
			}
			return fmt.Errorf("%w; it logged:\n%s", cause, p.tail())
		case <-ctx.Done():
			return fmt.Errorf("%s was not ready: %w (last: %v); it logged:\n%s", p.name, context.Cause(ctx), last, p.tail())
		case <-tick.C:
		}
		if !strings.Contains(p.log(), said) {
			last = fmt.Errorf("it has not logged %q", said)
			continue
		}
		if last = ready(); last != nil {
			continue
		}
		select {
		case <-p.done: // the next turn of the loop says why
		default:
			return nil
		}
	}
}

// stop asks the child to end, insists after stopPatience, and returns when it is gone. Safe to call twice.
func (p *process) stop() {
	p.ending.Do(func() {
		if p.cmd.Process.Signal(syscall.SIGTERM) != nil {
			_ = p.cmd.Process.Kill() // no SIGTERM on this system, or gone already
		}
		select {
		case <-p.done:
		case <-time.After(stopPatience):
			_ = p.cmd.Process.Kill()
		}
	})
	<-p.done
}

// log is what this run of the child has printed so far, under a line with its name. Lines about the inner life of
// gRPC, half of them all, stay in the file.
func (p *process) log() string {
	text, err := os.ReadFile(p.logPath)
	if err != nil {
		return fmt.Sprintf("--- %s: %v\n", p.name, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n", p.name)
	for line := range bytes.Lines(text[min(p.logFrom, int64(len(text))):]) {
		if !bytes.Contains(line, []byte(`"msg":"[core]`)) && !bytes.Contains(line, []byte(`"msg":"[transport]`)) {
			b.Write(line)
		}
	}
	return b.String()
}

// tail is the end of the log, enough to see why a child gave up.
func (p *process) tail() string {
	lines := strings.SplitAfter(p.log(), "\n")
	return strings.Join(lines[max(0, len(lines)-12):], "")
}
