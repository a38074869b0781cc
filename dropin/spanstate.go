// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/model"
)

const maxTags = 1024 // kept of a span, as behind

// spanState is what a span has on this side, with the values as the program gave them.
// Spans of a tracer whose parts are all the library's own have none.
type spanState struct {
	tracer  *Tracer
	revived bool // made of a record that the library behind reported late
	refs    []opentracing.SpanReference
	context SpanContext // of a revived span
	ending  atomic.Bool

	mu        sync.Mutex // never held while code of the program's runs
	observers []ContribSpanObserver
	tags      []Tag
	logs      logRing
	bulk      []opentracing.LogRecord // of FinishOptions
	ended     bool
	waiting   bool // ended before its trace was decided
	duration  time.Duration
	record    *model.Span // of an ended span
}

// recording reports whether what is set on the span may still be reported.
func (s *Span) recording() bool {
	d := s.span.SpanContext().Data()
	return d != nil && d.Recording()
}

func (s *Span) undecided() bool {
	d := s.span.SpanContext().Data()
	return d != nil && d.State().Undecided()
}

// keepTags keeps values as they were given.
func (s *Span) keepTags(tags ...Tag) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	if !st.ended && len(st.tags)+len(tags) <= maxTags {
		st.tags = append(st.tags, tags...)
	}
}

// keepLog keeps a log as it was given, but for its time.
func (s *Span) keepLog(record opentracing.LogRecord) {
	if !s.recording() {
		return
	}
	st := s.state
	if record.Timestamp.IsZero() {
		record.Timestamp = time.Now() // until Logs knows the tracer's time of it
	}
	record.Fields = slices.Clone(record.Fields)
	st.mu.Lock()
	defer st.mu.Unlock()
	if !st.ended {
		st.logs.add(record, st.tracer.maxLogs)
	}
}

// keepBaggageLog keeps the log that a change of the baggage made, unless another
// came in between: Logs then goes by the record.
func (s *Span) keepBaggageLog() {
	r := s.span.Snapshot()
	if r == nil || len(r.Logs) == 0 {
		return
	}
	if l := &r.Logs[len(r.Logs)-1]; len(l.Fields) > 0 && l.Fields[0].Str() == "baggage" {
		s.keepLog(oldLog(l))
	}
}

// kept returns the record as it stands, nil where nothing is or will be
// reported, and the values as they were given.
func (s *Span) kept() (r *model.Span, tags []Tag, logs []opentracing.LogRecord, waiting bool) {
	if s == nil {
		return nil, nil, nil, false
	}
	if !s.slow() {
		return s.span.Snapshot(), nil, nil, false
	}
	st := s.state
	st.mu.Lock()
	r, tags, logs, waiting = st.record, slices.Clone(st.tags), append(st.logs.list(), st.bulk...), st.waiting
	ended := st.ended
	st.mu.Unlock()
	if !ended {
		r = s.span.Snapshot()
	}
	return r, tags, logs, waiting
}

// Tags returns the span's tags, of those set twice the later one. They are there
// after Finish too, and as they were given, where the tracer has a Reporter, a
// SamplerV2 or an observer of the program's own, or an InMemoryReporter.
// Otherwise they are there until Finish, with types as Jaeger has them.
func (s *Span) Tags() opentracing.Tags {
	r, given, _, waiting := s.kept()
	tags := opentracing.Tags{}
	if r != nil {
		for i := range r.Tags {
			tags[r.Tags[i].Key] = r.Tags[i].Value()
		}
	}
	for _, tag := range given {
		if _, ok := tags[tag.key]; ok || waiting {
			tags[tag.key] = tag.value
		}
	}
	return tags
}

// Logs returns the span's logs, see Tags.
func (s *Span) Logs() []opentracing.LogRecord {
	r, _, given, waiting := s.kept()
	if r == nil && !waiting {
		return nil
	}
	if r == nil || len(r.Logs) == len(given) {
		for i := range given {
			if r != nil {
				given[i].Timestamp = time.Unix(0, r.Logs[i].Time)
			}
		}
		return given
	}
	logs := make([]opentracing.LogRecord, len(r.Logs))
	for i := range r.Logs {
		logs[i] = oldLog(&r.Logs[i])
	}
	return logs
}

// References returns the spans that the span was started with a reference to,
// see Tags.
func (s *Span) References() []opentracing.SpanReference {
	if s != nil && s.slow() && !s.state.revived {
		return slices.Clone(s.state.refs)
	}
	r, _, _, _ := s.kept()
	if r == nil || len(r.References) == 0 {
		return nil
	}
	refs := make([]opentracing.SpanReference, len(r.References))
	for i, ref := range r.References {
		refs[i] = opentracing.SpanReference{
			Type: opentracing.SpanReferenceType(ref.Type),
			ReferencedContext: SpanContext{model.NewSpanContext(model.SpanContextConfig{
				TraceID: ref.TraceID, SpanID: ref.SpanID, Flags: r.Flags,
			})},
		}
	}
	return refs
}

// Duration returns how long an ended span took, see Tags.
func (s *Span) Duration() time.Duration {
	if s == nil || !s.slow() {
		return 0
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	return s.state.duration
}

// finished returns the record of an ended span, nil where there is none or the
// library behind has it. A reporter may keep or release it.
func (s *Span) finished() *model.Span {
	if s == nil || !s.slow() {
		return nil
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	r := s.state.record
	if r != nil {
		r.Share(1) // the span's own share is never released
	}
	return r
}

// exported is finished, and for another span what is known of it.
func (s *Span) exported() *model.Span {
	if s == nil {
		return nil
	}
	if r := s.finished(); r != nil {
		return r
	}
	if r := s.span.Snapshot(); r != nil {
		return r
	}
	sc := s.span.SpanContext()
	r := &model.Span{
		TraceID: sc.TraceID(), ID: sc.SpanID(), ParentID: sc.ParentID(), Flags: sc.Flags(),
		Operation: s.span.OperationName(), Duration: s.Duration(),
	}
	if start := s.span.StartTime(); !start.IsZero() {
		r.Start = start.UnixNano()
	}
	if t := s.tracer(); t != nil {
		r.Process = t.house.Process()
	}
	return r
}

func oldLog(l *model.Log) opentracing.LogRecord {
	record := opentracing.LogRecord{Timestamp: time.Unix(0, l.Time)}
	for i := range l.Fields {
		f := &l.Fields[i]
		switch v := f.Value().(type) {
		case string:
			record.Fields = append(record.Fields, log.String(f.Key, v))
		case int64:
			record.Fields = append(record.Fields, log.Int64(f.Key, v))
		case float64:
			record.Fields = append(record.Fields, log.Float64(f.Key, v))
		case bool:
			record.Fields = append(record.Fields, log.Bool(f.Key, v))
		default:
			record.Fields = append(record.Fields, log.Object(f.Key, v))
		}
	}
	return record
}

// logRing keeps the first logs and the newest, as the library behind does.
type logRing struct {
	records []opentracing.LogRecord
	taken   int
}

func (g *logRing) add(record opentracing.LogRecord, limit int) {
	if len(g.records) < limit {
		g.records = append(g.records, record)
	} else {
		first := (limit - 1) / 2
		g.records[first+(g.taken-first)%(limit-first)] = record
	}
	g.taken++
}

// list returns a copy in the order of time; where logs are missing, one in the
// middle says how many.
func (g *logRing) list() []opentracing.LogRecord {
	limit := len(g.records)
	if g.taken <= limit {
		return slices.Clone(g.records)
	}
	first := (limit - 1) / 2
	turn := first + (g.taken-first)%(limit-first)
	out := slices.Concat(g.records[:first], g.records[turn:], g.records[first:turn])
	out[first].Fields = []log.Field{
		log.String("event", "dropped Span logs"),
		log.Int("dropped_log_count", g.taken-limit+1),
		log.String("component", "jaeger-client"),
	}
	return out
}
