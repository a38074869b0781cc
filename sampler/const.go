// SPDX-License-Identifier: Apache-2.0

package sampler

import "github.com/jaegerkit/jaeger/model"

// Const answers the same for every trace.
type Const struct {
	sample bool
	tags   Tags
}

// NewConst returns a sampler that keeps every trace, or none.
func NewConst(sample bool) *Const {
	return &Const{sample: sample, tags: NewTags(
		model.String(typeKey, "const"), model.Bool(paramKey, sample),
	)}
}

// Sample implements Sampler.
func (c *Const) Sample(model.TraceID, string) Decision {
	return Decision{Sample: c.sample, Tags: c.tags}
}

// Share returns 1<<63 where every trace is kept, else 0: see Sharer.
func (c *Const) Share() uint64 {
	if c.sample {
		return 1 << 63
	}
	return 0
}

// Decision returns what it answers.
func (c *Const) Decision() bool { return c.sample }

// String names the sampler and its parameter.
func (c *Const) String() string {
	if c.sample {
		return "const(true)"
	}
	return "const(false)"
}
