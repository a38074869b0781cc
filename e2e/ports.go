// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"net"
)

// chooser finds so many TCP and UDP addresses on loopback.
type chooser func(nTCP, nUDP int) (tcp, udp []Addr, err error)

// freePorts is a chooser that asks the kernel for ports that nobody uses now. All of them are held until the last is
// chosen, so they differ; after that anybody may take one, which is for withPorts to notice.
func freePorts(nTCP, nUDP int) (tcp, udp []Addr, err error) {
	var held []interface{ Close() error }
	defer func() {
		for _, h := range held {
			h.Close()
		}
	}()
	for range nTCP {
		l, err := net.Listen("tcp4", anyPort)
		if err != nil {
			return nil, nil, fmt.Errorf("choose a TCP port: %w", err)
		}
		held = append(held, l)
		tcp = append(tcp, Addr(l.Addr().String()))
	}
	for range nUDP {
		c, err := net.ListenPacket("udp4", anyPort)
		if err != nil {
			return nil, nil, fmt.Errorf("choose a UDP port: %w", err)
		}
		held = append(held, c)
		udp = append(udp, Addr(c.LocalAddr().String()))
	}
	return tcp, udp, nil
}
