// SPDX-License-Identifier: Apache-2.0

package throttle

import (
	"strings"
	"sync/atomic"
)

// account is what one operation may spend.
type account struct {
	name string
	// wanted tells that somebody asked since the server was asked.
	wanted atomic.Bool
	// balance is in millionths of a credit: one word, and fractions add up.
	balance atomic.Int64
}

const (
	credit      = 1_000_000
	mostCredits = 1000
	// unknown is the balance of an operation that no server has spoken of.
	unknown = -1
)

func newAccount(name string) *account {
	a := &account{name: name}
	a.wanted.Store(true)
	a.balance.Store(unknown)
	return a
}

// want has the operation asked for.
func (a *account) want() {
	if !a.wanted.Load() { // a refusal, the usual answer under load, only reads
		a.wanted.Store(true)
	}
}

// take spends a credit, if there is one. Of an unknown operation it cannot tell.
func (a *account) take() (allowed, known bool) {
	for {
		b := a.balance.Load()
		if b == unknown {
			return false, false
		}
		if b < credit {
			return false, true
		}
		if a.balance.CompareAndSwap(b, b-credit) {
			return true, true
		}
	}
}

// add books credits, 0 or more, up to mostCredits.
func (a *account) add(credits float64) {
	n := int64(min(credits, mostCredits) * credit)
	for {
		b := a.balance.Load()
		if a.balance.CompareAndSwap(b, min(max(b, 0)+n, mostCredits*credit)) {
			return
		}
	}
}

// directory holds the accounts. It is not changed but replaced.
type directory struct {
	byName  map[string]*account
	inOrder []*account
	full    bool
}

// with is a directory of these names, too, as long as there is room for them: d
// itself if there is nothing new in them.
func (d *directory) with(names []string, room int) *directory {
	n := &directory{inOrder: d.inOrder, byName: make(map[string]*account, len(d.byName)+len(names))}
	for _, a := range d.inOrder {
		n.byName[a.name] = a
	}
	for _, name := range names {
		if n.byName[name] != nil || len(n.inOrder) >= room {
			continue
		}
		a := newAccount(strings.Clone(name)) // it may be part of something large
		n.byName[a.name] = a
		n.inOrder = append(n.inOrder, a)
	}
	n.full = len(n.inOrder) >= room
	if len(n.inOrder) == len(d.inOrder) {
		return d
	}
	return n
}
