// SPDX-License-Identifier: Apache-2.0

//go:build !unix && !windows

package transport

import (
	"errors"
	"net"
)

// Systems whose errors are of no known kind: nothing is tried again there.
var (
	errMessageSize = errors.New("message too long")
	errRefused     = errors.New("connection refused")
	errNoBuffers   = errors.New("no buffer space")
)

func growSendBuffer(*net.UDPConn, int) {}
