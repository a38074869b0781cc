// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"fmt"
	"math"
	"slices"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
)

// Bounds on what packets with forged identities or numbers can make a server remember.
const (
	clientLimit = 1024
	gapLimit    = 1024
)

// Client is what an agent or collector knows of one tracer. UDP clients number their packets; HTTP clients do not.
type Client struct {
	UUID    string // the process tag client-uuid, or "" if there is none
	Service string // the service name of its process
	Packets int    // batches received since the start or Reset, also those without a number
	LastSeq int64  // highest seqNo received, 0 if none
	Lost    int64  // sequence numbers below LastSeq that have not arrived, those before a Reset left out
	Stats   *jaeger.ClientStats
}

// Clients returns one entry for each tracer that sent a batch since the start or Reset, in the order in which the server met
// them, at most 1024. Tracers are told apart by the process tag client-uuid and the service name.
func (i *inbox) Clients() []Client {
	i.mu.Lock()
	defer i.mu.Unlock()
	var list []Client
	for _, c := range i.results.clients.order {
		if c.Packets == 0 {
			continue // known from before a Reset only
		}
		v := c.Client
		v.Lost = c.lost()
		list = append(list, v)
	}
	return list
}

// Lost returns how many packets are known to be missing, over all clients: sequence numbers from 1 to the highest that
// arrived which did not arrive themselves. Packets dropped on request are among them. Loss at the end of the stream
// cannot be seen this way, and neither can the loss of a client that does not number its packets.
func (i *inbox) Lost() int64 {
	i.mu.Lock()
	defer i.mu.Unlock()
	var sum int64
	for _, c := range i.results.clients.order {
		sum = addCapped(sum, c.lost())
	}
	return sum
}

type clientKey struct{ uuid, service string }

type clients struct {
	byKey map[clientKey]*client
	order []*client
}

type client struct {
	Client
	base      int64 // what arrived up to this number is no longer known
	gaps      []gap // above base, in ascending order, not overlapping
	forgotten int64 // numbers in gaps beyond gapLimit
}

// gap is a run of missing sequence numbers, both ends included.
type gap struct{ from, to int64 }

// take books the identity, number and counters of a batch. The error tells what a correct client would not have sent.
func (s *clients) take(b *jaeger.Batch) error {
	key := clientKey{service: b.Process.GetServiceName()}
	for _, t := range b.Process.GetTags() {
		if t.Key == "client-uuid" {
			key.uuid = t.GetVStr()
		}
	}
	c := s.byKey[key]
	if c == nil {
		if len(s.order) == clientLimit {
			return fmt.Errorf("client %.64q of service %.64q is not tracked: more than %d clients", key.uuid, key.service, clientLimit)
		}
		if s.byKey == nil {
			s.byKey = make(map[clientKey]*client)
		}
		c = &client{Client: Client{UUID: key.uuid, Service: key.service}}
		s.byKey[key] = c
		s.order = append(s.order, c)
	}
	c.Packets++
	if b.Stats != nil {
		c.Stats = b.Stats
	}
	if b.SeqNo == nil {
		return nil
	}
	return c.number(*b.SeqNo)
}

// restarted returns the clients with their numbering and nothing else.
func (s *clients) restarted() clients {
	var fresh clients
	if len(s.order) == 0 {
		return fresh
	}
	fresh.byKey = make(map[clientKey]*client, len(s.byKey))
	for _, c := range s.order {
		n := &client{Client: Client{UUID: c.UUID, Service: c.Service, LastSeq: c.LastSeq}, base: c.LastSeq}
		fresh.byKey[clientKey{c.UUID, c.Service}] = n
		fresh.order = append(fresh.order, n)
	}
	return fresh
}

// number books one sequence number, which may come late and fill a gap.
func (c *client) number(seq int64) error {
	switch {
	case seq < 1:
		return fmt.Errorf("seqNo %d: numbers begin with 1", seq)
	case seq > c.LastSeq:
		if seq-c.LastSeq > 1 {
			c.gaps = append(c.gaps, gap{c.LastSeq + 1, seq - 1})
			c.bound()
		}
		c.LastSeq = seq
		return nil
	case seq <= c.base:
		return nil
	}
	i, _ := slices.BinarySearchFunc(c.gaps, seq, func(g gap, seq int64) int {
		if g.to < seq {
			return -1
		}
		return 1
	})
	if i == len(c.gaps) || c.gaps[i].from > seq {
		return fmt.Errorf("seqNo %d: came before", seq)
	}
	g := c.gaps[i]
	var left []gap
	if g.from < seq {
		left = append(left, gap{g.from, seq - 1})
	}
	if seq < g.to {
		left = append(left, gap{seq + 1, g.to})
	}
	c.gaps = slices.Replace(c.gaps, i, i+1, left...)
	c.bound()
	return nil
}

// bound keeps the newest gaps: only those can still be filled by packets that overtook each other.
func (c *client) bound() {
	if len(c.gaps) > gapLimit {
		g := c.gaps[0]
		c.forgotten += g.to - g.from + 1
		c.base = g.to
		c.gaps = slices.Delete(c.gaps, 0, 1)
	}
}

func (c *client) lost() int64 {
	n := c.forgotten
	for _, g := range c.gaps {
		n += g.to - g.from + 1
	}
	return n
}

func addCapped(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
