// SPDX-License-Identifier: Apache-2.0

package sampler

import "github.com/jaegerkit/jaeger/model"

// lateName is the late binding of a per-operation sampler. It has no state: one
// serves all traces. A trace stays with the strategies of its start.
type lateName struct {
	operations *PerOperation
	bounded    bool          // there is a lower bound, for which any trace may be kept
	widest     Probabilistic // the largest share of all
}

// sample answers the first name, for which a yes is final.
func (l *lateName) sample(id model.TraceID, operation string) Decision {
	d := l.operations.of(operation).Sample(id, operation)
	if d.Sample || !l.bounded && !l.widest.keeps(id) {
		return d
	}
	return Decision{Later: l}
}

// Ask implements Late. The second name decides.
func (l *lateName) Ask(e Event) Decision {
	if e.Kind != Named || !e.LocalRoot {
		return Decision{Later: l}
	}
	return l.operations.of(e.Operation).Sample(e.TraceID, e.Operation)
}
