// SPDX-License-Identifier: Apache-2.0

package jaeger

import "github.com/jaegerkit/jaeger/sampler"

// idBits are those of an id that a share in 1<<63 is compared with.
const idBits = 1<<63 - 1

// asksAbout finds out which new traces the sampler is asked about.
func (t *Tracer) asksAbout(s sampler.Sampler) {
	t.share = 1 << 63
	switch s := s.(type) {
	case *sampler.Const:
		t.share = s.Share()
	case *sampler.Probabilistic:
		t.share = s.Share()
	case *sampler.Remote:
		t.asks = s.Share
	case sampler.Sharer:
		t.asks = s.AskAbout
	}
}

// askedShare returns the share of new traces, in 1<<63, that the sampler is asked about:
// those whose ids it is not known to refuse.
func (t *Tracer) askedShare() uint64 {
	if t.asks != nil {
		return t.asks()
	}
	return t.share
}
