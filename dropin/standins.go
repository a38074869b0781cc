// SPDX-License-Identifier: Apache-2.0

package jaeger

// asV2 is what Tracer.Sampler returns for a Sampler, which goes by id and name.
type asV2 struct{ s Sampler }

func (a asV2) OnCreateSpan(span *Span) SamplingDecision {
	return a.ask(span, span.OperationName())
}

func (a asV2) OnSetOperationName(span *Span, operationName string) SamplingDecision {
	return a.ask(span, operationName)
}

func (a asV2) OnSetTag(*Span, string, interface{}) SamplingDecision {
	return SamplingDecision{Retryable: true}
}

func (a asV2) OnFinishSpan(*Span) SamplingDecision { return SamplingDecision{Retryable: true} }

func (a asV2) Close() { a.s.Close() }

func (a asV2) ask(span *Span, operation string) SamplingDecision {
	sampled, tags := a.s.IsSampled(span.SpanContext().TraceID(), operation)
	return SamplingDecision{Sample: sampled, Tags: tags}
}

// refuser stands in for no sampler, discarder for no reporter.
type refuser struct{}

func (refuser) IsSampled(TraceID, string) (bool, []Tag) { return false, nil }
func (refuser) Close()                                  {}
func (refuser) Equal(other Sampler) bool                { return other == Sampler(refuser{}) }

type discarder struct{}

func (discarder) Report(*Span) {}
func (discarder) Close()       {}
