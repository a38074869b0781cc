// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"net"
	"syscall"
)

// What a connected UDP socket answers to a write, by the numbers of Winsock:
// package syscall's own constants of these names are inventions there.
const (
	errMessageSize = syscall.Errno(10040)
	errRefused     = syscall.Errno(10061)
	errNoBuffers   = syscall.Errno(10055)
)

// growSendBuffer has nothing to do: datagrams larger than the buffer are sent.
func growSendBuffer(*net.UDPConn, int) {}
