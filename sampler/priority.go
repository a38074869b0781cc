// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jaegerkit/jaeger/model"
)

// Priority asks several samplers in their order. The first yes is the answer,
// with the tags of the one that gave it, and the others are not asked any more;
// it is no when all have said no. While some say "not yet", those alone are
// asked again. It stands for PrioritySampler of jaeger-client-go's package x.
//
// It costs what the samplers cost that are asked, and nothing on the heap unless
// two or more of them postpone the same trace.
type Priority struct{ members []Sampler }

// NewPriority returns a sampler that asks the given ones in that order. None at
// all, and one that is nil, are errors.
func NewPriority(samplers ...Sampler) (*Priority, error) {
	if len(samplers) == 0 {
		return nil, errors.New("priority sampler: no samplers: want one or more")
	}
	for i, s := range samplers {
		if s == nil {
			return nil, fmt.Errorf("priority sampler: sampler %d of %d is nil", i+1, len(samplers))
		}
	}
	return &Priority{append([]Sampler(nil), samplers...)}, nil
}

// Sample implements Sampler.
func (p *Priority) Sample(id model.TraceID, operation string) Decision {
	var first Late
	var several *pending
	for _, s := range p.members {
		d := s.Sample(id, operation)
		switch {
		case d.Later != nil && first == nil:
			first = d.Later
		case d.Later != nil:
			if several == nil {
				several = &pending{}
				several.late = append(several.few[:0], first)
			}
			several.late = append(several.late, d.Later)
		case d.Sample:
			return d
		}
	}
	if several != nil {
		return Decision{Later: several}
	}
	return Decision{Later: first} // no, if there is none
}

// pending are the samplers that have not decided on one trace, in their order.
type pending struct {
	late []Late
	few  [3]Late // where late begins
}

// Ask implements Late.
func (p *pending) Ask(e Event) Decision {
	n := 0
	for _, l := range p.late {
		d := l.Ask(e)
		switch {
		case d.Later != nil:
			p.late[n] = d.Later
			n++
		case d.Sample:
			return d
		}
	}
	if n == 0 {
		return Decision{}
	}
	p.late = p.late[:n]
	return Decision{Later: p}
}

// Close closes the samplers that are io.Closers.
func (p *Priority) Close() error { return closeAll(p.members) }

// String names the samplers in their order.
func (p *Priority) String() string {
	names := make([]string, len(p.members))
	for i, s := range p.members {
		names[i] = describe(s)
	}
	return "priority(" + strings.Join(names, ", ") + ")"
}
