// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"io"

	"github.com/opentracing/opentracing-go"
)

// Sampler decides which traces are recorded. It is asked on the goroutine that
// starts a trace, from any number of them at once. One that has the methods of
// SamplerV2 too is used as such.
type Sampler interface {
	// IsSampled answers for the trace of the given id, which begins with a span
	// of that name. The tags say who decided and go on that span.
	IsSampled(id TraceID, operation string) (sampled bool, tags []Tag)

	// Close is called when the tracer is closed.
	Close()

	// Equal reports whether other would answer the same.
	Equal(other Sampler) bool
}

// SamplerV2 is asked when a span of an undecided trace starts, is renamed, gets
// a tag or finishes. It may use the span it is given, but for Finish.
type SamplerV2 interface {
	OnCreateSpan(span *Span) SamplingDecision
	OnSetOperationName(span *Span, operationName string) SamplingDecision
	OnSetTag(span *Span, key string, value interface{}) SamplingDecision
	OnFinishSpan(span *Span) SamplingDecision

	// Close is called when the tracer is closed.
	Close()
}

// SamplingDecision is a SamplerV2's answer. With Sample the trace is recorded,
// and Tags go on the span asked about; a no is final unless Retryable.
type SamplingDecision struct {
	Sample    bool
	Retryable bool
	Tags      []Tag
}

// Reporter gets each sampled span when it finishes, on the goroutine that
// finishes it. It may keep the span for ever.
type Reporter interface {
	Report(span *Span)

	// Close sends what is buffered.
	Close()
}

// Transport turns spans into bytes and sends them. A remote reporter calls it
// from one goroutine. The numbers returned are of spans sent, or lost where an
// error comes with them.
type Transport interface {
	// Append takes a span, and sends what it has when that is enough.
	Append(span *Span) (int, error)

	// Flush sends what it has.
	Flush() (int, error)

	io.Closer
}

// Injector writes a context to a carrier of its format.
type Injector interface {
	Inject(ctx SpanContext, carrier interface{}) error
}

// Extractor reads a context from a carrier of its format. Without one it returns
// opentracing.ErrSpanContextNotFound.
type Extractor interface {
	Extract(carrier interface{}) (SpanContext, error)
}

// ContribObserver is told of every span that starts, sampled or not, on the
// goroutine that starts it. With true it asks for the span's further life.
type ContribObserver interface {
	OnStartSpan(sp opentracing.Span, operationName string, options opentracing.StartSpanOptions) (ContribSpanObserver, bool)
}

// ContribSpanObserver is told what its span is called with, the tags it was
// started with included.
type ContribSpanObserver interface {
	OnSetOperationName(operationName string)
	OnSetTag(key string, value interface{})
	OnFinish(options opentracing.FinishOptions)
}

// Observer is told of every span that starts.
//
// Deprecated: use ContribObserver, which is given the span.
type Observer interface {
	OnStartSpan(operationName string, options opentracing.StartSpanOptions) SpanObserver
}

// SpanObserver is a ContribSpanObserver of an Observer. Nil means no interest.
type SpanObserver interface {
	OnSetOperationName(operationName string)
	OnSetTag(key string, value interface{})
	OnFinish(options opentracing.FinishOptions)
}

// Process describes the service that makes the spans.
type Process struct {
	Service string
	UUID    string
	Tags    []Tag
}

// ProcessSetter is implemented by a debug throttler that wants to know for whom
// it works. It is called once, before the tracer starts spans.
type ProcessSetter interface {
	SetProcess(process Process)
}

// SpanAllocator was where pooled spans came from. Spans are not pooled any more.
type SpanAllocator interface {
	Get() *Span
	Put(*Span)
}
