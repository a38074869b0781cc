// SPDX-License-Identifier: Apache-2.0

//go:build unix

package transport

import (
	"net"
	"syscall"
)

// What a connected UDP socket answers to a write.
const (
	errMessageSize = syscall.EMSGSIZE     // larger than the system or the path takes
	errRefused     = syscall.ECONNREFUSED // nobody listened when an earlier packet arrived
	errNoBuffers   = syscall.ENOBUFS      // the interface's queue is full
)

// growSendBuffer makes the socket's buffer hold a packet of n bytes, which on
// macOS and the BSDs is what bounds a datagram. One that is larger already is
// left alone; a failure shows as errMessageSize later.
func growSendBuffer(c *net.UDPConn, n int) {
	raw, err := c.SyscallConn()
	if err != nil {
		return
	}
	raw.Control(func(fd uintptr) {
		have, err := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_SNDBUF)
		if err == nil && have < n {
			syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_SNDBUF, n)
		}
	})
}
