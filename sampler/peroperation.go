// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"errors"
	"fmt"
	"hash/maphash"
	"math/bits"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/jaegerkit/jaeger/model"
)

// DefaultMaxOperations is how many operations have a sampler of their own.
const DefaultMaxOperations = 2000

// Strategies say how the operations of a service are sampled.
type Strategies struct {
	// DefaultRate is the share of traces kept of operations not listed, 0 to 1.
	DefaultRate float64
	// LowerBound is what each operation, listed or not, gets at least, in traces
	// per second.
	LowerBound float64
	// Operations have shares of their own. Of two with one name the later counts.
	Operations []OperationRate
	// LateBinding asks once more when the local root is renamed for the first
	// time, for servers that learn the name of the operation in its middle: a
	// trace that the first name does not keep is decided by the second. Without
	// another name it is not kept.
	//
	// It is dear: until then the spans of such traces are recorded like sampled
	// ones, and that is nearly all of them where the shares are small. Only what
	// no listed name could keep is out at once: with LowerBound 0, the traces
	// beyond the largest share.
	LateBinding bool
}

// OperationRate is the share of an operation's traces to keep, 0 to 1.
type OperationRate struct {
	Operation string
	Rate      float64
}

func (s Strategies) validate() error {
	if _, err := newGuaranteed(s.DefaultRate, s.LowerBound); err != nil {
		return fmt.Errorf("other operations: %w", err)
	}
	for _, o := range s.Operations {
		if _, err := NewProbabilistic(o.Rate); err != nil {
			return fmt.Errorf("operation %q: %w", shorten(o.Operation), err)
		}
	}
	return nil
}

// PerOperation samples each operation by a strategy of its own, like Guaranteed:
// a share of its traces and a least number per second. Operations that are not
// listed get the default share and, one by one as they appear, a lower bound of
// their own.
//
// Memory is bounded: listed operations and those that appeared are at most so
// many together, the listed ones first; all others, and any unlisted name over
// 1 KiB, share one sampler with one lower bound. A known operation costs a hash
// and a comparison of its name, no lock and no allocation.
type PerOperation struct {
	others Guaranteed // shared by those without one; its settings are those of any unlisted one
	late   *lateName  // nil without late binding
	seed   maphash.Seed
	// Chains of operations, by hash. They only grow, at their head.
	chains []atomic.Pointer[operation]
	room   atomic.Int64 // operations that may still be added

	made   Strategies // as given
	limit  int        // of operations, as given
	listed int        // operations that got the sampler they were listed with
	left   int        // operations on the list beyond the limit
}

// operation is never changed once it is in a chain.
type operation struct {
	name    string
	next    *operation
	sampler Guaranteed
}

const (
	longestName = 1 << 10 // bytes of an unlisted operation's name
	mostChains  = 1 << 16
)

// NewPerOperation returns a sampler for s that knows at most maxOperations
// operations. Rates and bounds out of their range are errors, as is a limit
// below 1.
func NewPerOperation(s Strategies, maxOperations int) (*PerOperation, error) {
	if maxOperations < 1 {
		return nil, fmt.Errorf("%d operations: want a limit of 1 or more", maxOperations)
	}
	return (&PerOperation{limit: maxOperations}).Next(s)
}

// Next returns a sampler for s that takes over from p: its limit, the operations
// that appeared, and the lower bounds as far as they are used up, so that new
// strategies, or the same once more, do not let every operation through once.
// p goes on to work, and what it lets through while Next runs may not be taken
// over.
func (p *PerOperation) Next(s Strategies) (*PerOperation, error) {
	if p.limit == 0 {
		return nil, errors.New("per operation sampler was not made by NewPerOperation")
	}
	if err := s.validate(); err != nil {
		return nil, err
	}
	others, _ := newGuaranteed(s.DefaultRate, s.LowerBound)
	others.limit = others.bucket(p.others.limit)
	s.Operations = slices.Clone(s.Operations)
	n := &PerOperation{others: others, made: s, limit: p.limit, seed: maphash.MakeSeed()}
	if s.LateBinding {
		n.late = &lateName{operations: n, bounded: s.LowerBound > 0, widest: others.share}
	}
	size := n.limit
	if others.limit == nil { // unlisted ones then have nothing of their own
		size = min(size, len(s.Operations))
	}
	n.chains = make([]atomic.Pointer[operation], 1<<bits.Len(uint(min(max(size, 1), mostChains)-1)))

	names := make(map[string]float64, min(len(s.Operations), n.limit))
	for _, o := range s.Operations {
		if _, known := names[o.Operation]; !known && len(names) == n.limit {
			n.left++
			continue
		}
		names[o.Operation] = o.Rate
	}
	for name, rate := range names {
		g, _ := newGuaranteed(rate, s.LowerBound)
		var old *limiter
		if o := p.find(name); o != nil {
			old = o.sampler.limit
		}
		g.limit = g.bucket(old)
		n.add(&operation{name: name, sampler: g})
		if n.late != nil && g.share.boundary > n.late.widest.boundary {
			n.late.widest = g.share
		}
	}
	n.listed = len(names)
	n.room.Store(int64(n.limit - n.listed))
	n.keep(p)
	return n, nil
}

// keep takes the unlisted operations over. One whose bucket is full has nothing
// to remember and makes room for another.
func (p *PerOperation) keep(old *PerOperation) {
	if p.others.limit == nil {
		return
	}
	for i := range old.chains {
		for o := old.chains[i].Load(); o != nil; o = o.next {
			if o.sampler.limit == nil || o.sampler.limit.full() || p.find(o.name) != nil || len(o.name) > longestName {
				continue
			}
			if p.room.Load() <= 0 {
				return
			}
			p.room.Add(-1)
			g := p.others
			g.limit = g.bucket(o.sampler.limit)
			p.add(&operation{name: o.name, sampler: g})
		}
	}
}

// Sample implements Sampler.
func (p *PerOperation) Sample(id model.TraceID, operation string) Decision {
	switch {
	case len(p.chains) == 0:
		return Decision{}
	case p.late != nil:
		return p.late.sample(id, operation)
	}
	return p.of(operation).Sample(id, operation)
}

// of returns the operation's sampler, or the one that all others share.
func (p *PerOperation) of(operation string) *Guaranteed {
	chain := p.chain(operation)
	for o := chain.Load(); o != nil; o = o.next {
		if o.name == operation {
			return &o.sampler
		}
	}
	if p.others.limit != nil && p.room.Load() > 0 && len(operation) <= longestName {
		if o := p.meet(chain, operation); o != nil {
			return &o.sampler
		}
	}
	return &p.others
}

func (p *PerOperation) chain(name string) *atomic.Pointer[operation] {
	return &p.chains[maphash.String(p.seed, name)&uint64(len(p.chains)-1)]
}

func (p *PerOperation) find(name string) *operation {
	if len(p.chains) == 0 {
		return nil
	}
	o := p.chain(name).Load()
	for o != nil && o.name != name {
		o = o.next
	}
	return o
}

// add is for a sampler that nobody else uses yet.
func (p *PerOperation) add(o *operation) {
	chain := p.chain(o.name)
	o.next = chain.Load()
	chain.Store(o)
}

// meet adds an operation that appeared; several goroutines may meet the same one
// at once, and then share what the first of them added. Nil means no more room.
func (p *PerOperation) meet(chain *atomic.Pointer[operation], name string) *operation {
	if p.room.Add(-1) < 0 {
		p.room.Add(1)
		return nil
	}
	// A copy of the name, which may be a small part of a large string.
	o := &operation{name: strings.Clone(name), sampler: p.others}
	o.sampler.limit = p.others.bucket(nil)
	for {
		head := chain.Load()
		for same := head; same != nil; same = same.next {
			if same.name == name {
				p.room.Add(1)
				return same
			}
		}
		o.next = head
		if chain.CompareAndSwap(head, o) {
			return o
		}
	}
}

// Strategies returns what p was made of, to be read only.
func (p *PerOperation) Strategies() Strategies { return p.made }

// MaxOperations returns how many operations may have a sampler of their own.
func (p *PerOperation) MaxOperations() int { return p.limit }

// String tells the default and how many operations are listed.
func (p *PerOperation) String() string {
	s := fmt.Sprintf("peroperation(%d listed, others %v, lower bound %v", p.listed, p.others.share.rate, p.others.lowerBound)
	if p.left > 0 {
		s += fmt.Sprintf(", %d over the limit", p.left)
	}
	if p.late != nil {
		s += ", late binding"
	}
	return s + ")"
}
