// SPDX-License-Identifier: Apache-2.0

// Package sampler decides which traces are recorded: const, probabilistic, rate
// limiting, guaranteed throughput, per operation, by the value of a tag, several
// of these in order, and remote, which asks a server for one.
//
//	s, err := sampler.NewProbabilistic(0.01)
//	if err != nil {
//		return err // names the bad rate
//	}
//	tracer, err := jaeger.New("checkout", rep, jaeger.WithSampler(s))
//
// What it promises: a sampler sees ids, names and tags, never a live span; it is
// safe from any goroutine, takes no lock and does not allocate, but for an
// operation that a per-operation sampler sees for the first time, and a trace
// that two samplers of a Priority leave undecided.
package sampler

import (
	"time"

	"github.com/jaegerkit/jaeger/model"
)

// Sampler answers once for each trace that begins in this process, or whose sender
// left the decision to it; a Sharer is not asked about ids that it refuses. It is called
// on the goroutine that starts the span, from any number of them at once, so it must not
// block, do I/O or panic. A trace that came with a decision, a debug trace and a child
// span are not asked about: their decision is already taken.
//
// A sampler that also implements io.Closer is closed with its tracer.
type Sampler interface {
	Sample(id model.TraceID, operation string) Decision
}

// Steady marks a sampler that never panics. The tracer contains any other but
// those of this package, which costs each trace that begins a few nanoseconds.
type Steady interface {
	Sampler
	NeverPanics()
}

// Sharer is a Steady sampler that refuses traces by their ids alone: those whose low
// 63 bits are not below AskAbout, which is 1<<63 where none can be refused that way.
// The tracer does not ask Sample about them, which spares most spans of a small share
// a tenth of what they cost. It may change from call to call.
//
// Const, Probabilistic and Remote are treated that way too, by their Share. They do
// not have this method: a sampler that embeds one of them goes on being asked.
type Sharer interface {
	Steady
	AskAbout() uint64
}

// Switched is a Sharer that keeps all traces or none, as a variable says. The tracer then
// reads the variable, which Switch returns once, when the tracer is made, in place of calling
// AskAbout: a twentieth of an unsampled span. With nil it calls AskAbout. Who
// writes to it while spans are started has to see to the race himself.
type Switched interface {
	Sharer
	Switch() *bool
}

// Decision is a sampler's answer. The zero value is "no".
type Decision struct {
	Sample bool
	// Firehose asks, with a yes, for the flag that has Jaeger store the trace
	// without indexing it (model.FlagFirehose).
	Firehose bool
	// Tags say which sampler decided (sampler.type, sampler.param) and go on
	// the span that was asked about, ahead of its own, or behind what it has if
	// the decision came later. An answer that is not yes has them ignored.
	Tags Tags
	// Later, if not nil, says "not yet": the other fields are ignored, the spans
	// of the trace in this process are recorded and kept back, and Later is asked
	// on what happens to them until it decides. That costs a trace its records
	// even if the answer is no in the end.
	Later Late
}

// Late answers for one trace whose decision was postponed. It is asked on every
// event of the trace's spans in this process, in the order they happen, by one
// goroutine at a time, and never again once it has decided; one that is used for
// a single trace needs no lock of its own, and one without state may serve all
// traces at once. It sees data only, and must not block, do I/O, panic or use a
// span.
//
// It is called on the goroutine that uses a span, without a lock of the tracer's
// held. Whoever uses the trace meanwhile does not wait: the event is left to the
// goroutine that is asking. So a Late that does block holds up one goroutine, and
// the trace's later events with it; of more than a thousand that wait, only the
// end of the local root is still asked about.
//
// An answer whose Later is nil decides: its tags and flags go on the span of the
// event and the trace, all spans kept back are reported or discarded, and the
// contexts sent out from then on carry the decision. Otherwise its Later, the
// same one or another, is asked next. When the local root finishes and the
// answer to that is still "not yet", it is no.
type Late interface {
	Ask(e Event) Decision
}

// Event is what happened to a span of an undecided trace. It is a copy, good for
// as long as anyone likes.
type Event struct {
	Kind EventKind
	// LocalRoot says that the span is the first of this process in the trace.
	LocalRoot bool
	TraceID   model.TraceID
	SpanID    model.SpanID
	Operation string        // the span's name as it stands, the new one if Kind is Named
	Tag       model.Tag     // as it is recorded; Tagged only
	Duration  time.Duration // Finished only
}

// EventKind says what happened.
type EventKind uint8

// The kinds of events. The start of the local root is none: it is what Sample
// was asked about. Its tags given to StartSpan are, each for itself.
const (
	// Started is a further span of this process in the trace.
	Started EventKind = iota + 1
	// Named is SetOperationName.
	Named
	// Tagged is one tag, also of those a span is started with.
	Tagged
	// Finished is the end of a span.
	Finished
)

// String returns the kind's name in lower case.
func (k EventKind) String() string {
	switch k {
	case Started:
		return "started"
	case Named:
		return "named"
	case Tagged:
		return "tagged"
	case Finished:
		return "finished"
	}
	return "no event"
}

// Tags is a list of tags that does not change, one pointer wide: with a slice in
// its place a Decision would be too large for the registers, and that costs an
// unsampled span a tenth.
type Tags struct{ list *[]model.Tag }

// NewTags makes a list, best once when the sampler is made. It keeps the slice, which must
// not be written to any more: the tracer keeps what it made of it.
func NewTags(tags ...model.Tag) Tags { return Tags{&tags} }

// List returns the tags, to be read only.
func (t Tags) List() []model.Tag {
	if t.list == nil {
		return nil
	}
	return *t.list
}

const (
	typeKey  = "sampler.type"
	paramKey = "sampler.param"
)
