// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"context"
	"fmt"
	"net/netip"
)

// resolve returns at least one address, IPv4 first: that is where "localhost"
// finds an agent that listens on IPv4 only.
func (l *link) resolve() ([]netip.Addr, error) {
	if l.at.ip.IsValid() {
		return []netip.Addr{l.at.ip}, nil
	}
	ctx, cancel := context.WithTimeout(l.closing, lookupLimit)
	defer cancel()
	found, err := l.ask(ctx)
	if err != nil {
		return nil, err
	}
	var addrs, v6 []netip.Addr
	for _, a := range found {
		if a = a.Unmap(); a.Is4() {
			addrs = append(addrs, a)
		} else if a.IsValid() {
			v6 = append(v6, a)
		}
	}
	if addrs = append(addrs, v6...); len(addrs) == 0 {
		return nil, fmt.Errorf("lookup %s: no addresses", l.at.host)
	}
	return addrs, nil
}

// ask calls the lookup, which may be the user's: a panic on this goroutine would
// end the host process.
func (l *link) ask(ctx context.Context) (found []netip.Addr, err error) {
	defer func() {
		if p := recover(); p != nil {
			found, err = nil, fmt.Errorf("panic in the lookup of %s: %v", l.at.host, p)
		}
	}()
	return l.lookup(ctx, l.at.host)
}
