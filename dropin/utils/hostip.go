// SPDX-License-Identifier: Apache-2.0

package utils

import (
	"errors"
	"net"
)

// HostIP returns the address by which others most likely know this host: IPv4
// before IPv6, one of a network before loopback, one that is up before one that
// is not. Of equals the first counts.
func HostIP() (net.IP, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var best net.IP
	top := -1
	for _, iface := range interfaces {
		addrs, err := iface.Addrs()
		if err != nil {
			continue
		}
		for _, addr := range addrs {
			if ip := addressOf(addr); ip != nil {
				if rank := rankOf(ip, iface.Flags); rank > top {
					best, top = ip, rank
				}
			}
		}
	}
	if best == nil {
		return nil, errors.New("this host has no addresses")
	}
	return best, nil
}

func addressOf(addr net.Addr) net.IP {
	switch a := addr.(type) {
	case *net.IPNet:
		return a.IP
	case *net.IPAddr:
		return a.IP
	}
	return nil
}

func rankOf(ip net.IP, flags net.Flags) (rank int) {
	if ip.To4() != nil {
		rank += 4
	}
	if flags&net.FlagLoopback == 0 && !ip.IsLoopback() {
		rank += 2
		if flags&net.FlagUp != 0 {
			rank++
		}
	}
	return rank
}
