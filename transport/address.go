// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// address is where an agent was said to be.
type address struct {
	host string // a name, or the text of ip
	ip   netip.Addr
	port uint16
}

func (a address) String() string { return net.JoinHostPort(a.host, strconv.Itoa(int(a.port))) }

// parseAddress reads host:port, host or :port, where host may be an IPv6
// address with or without brackets; what is left out comes from the defaults.
func parseAddress(s, host string, port uint16) (address, error) {
	a := address{host: s, port: port}
	switch {
	case strings.HasPrefix(s, "["):
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return address{}, badAddress(s, "no ]")
		}
		a.host = s[1:end]
		if ip, err := netip.ParseAddr(a.host); err != nil || !ip.Is6() {
			return address{}, badAddress(s, "not an IPv6 address in brackets")
		}
		if rest := s[end+1:]; rest != "" {
			if rest[0] != ':' {
				return address{}, badAddress(s, "text behind ]")
			}
			if err := a.setPort(rest[1:], s); err != nil {
				return address{}, err
			}
		}
	case strings.Count(s, ":") == 1:
		var portText string
		a.host, portText, _ = strings.Cut(s, ":")
		if err := a.setPort(portText, s); err != nil {
			return address{}, err
		}
	}
	if a.host == "" {
		a.host = host
	}
	if ip, err := netip.ParseAddr(a.host); err == nil {
		if strings.ContainsAny(ip.Zone(), "[]") {
			return address{}, badAddress(s, "a bracket in a zone")
		}
		a.ip = ip
		return a, nil
	}
	if len(a.host) > 253 {
		return address{}, badAddress(s, "a name longer than 253 bytes")
	}
	if last := a.host[strings.LastIndexByte(a.host, '.')+1:]; last != "" && strings.Trim(last, "0123456789") == "" {
		return address{}, badAddress(s, "numbers that are no ip")
	}
	for i := 0; i < len(a.host); i++ {
		c := a.host[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_') {
			return address{}, badAddress(s, fmt.Sprintf("%q in a name", c))
		}
	}
	return a, nil
}

func (a *address) setPort(text, s string) error {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		return badAddress(s, "a port that is not 1 to 65535")
	}
	a.port = uint16(n)
	return nil
}

func badAddress(s, why string) error {
	return fmt.Errorf("address %s: %s; want host:port, host, ip or [ipv6]:port", quoteShort(s, 64), why)
}
