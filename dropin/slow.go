// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

const priorityTag = "sampling.priority"

// startSlow starts a span that someone on this side asks or is told about. What
// the program's own types do to it, they do through the span, as always.
func (t *Tracer) startSlow(s *Span, l *model.Lineage, operationName string, opts []opentracing.StartSpanOption) {
	if !t.asked() && repeatable(opts) {
		t.startKept(s, l, operationName, opts)
		return
	}
	sso := applied(opts)
	st := &spanState{tracer: t}
	s.state = st
	started := make([]opentracing.StartSpanOption, 0, 4)
	if !sso.StartTime.IsZero() {
		started = append(started, opentracing.StartTime(sso.StartTime))
	}
	carried := false // does a reference say anything at all
	for _, ref := range sso.References {
		c, ok := contextOf(ref.ReferencedContext)
		if !ok || c.Data() == nil {
			continue
		}
		st.refer(ref)
		carried = true
		if t.v2 != nil && c.IsRemote() {
			c = rebuilt(c, func(config *model.SpanContextConfig) { config.Extension = &traceState{} })
		}
		started = append(started, opentracing.SpanReference{Type: ref.Type, ReferencedContext: c})
	}
	if t.v2 != nil && !carried {
		state := model.NewSpanContext(model.SpanContextConfig{Extension: &traceState{}})
		started = append(started, opentracing.ChildOf(state))
	}
	if kind, ok := sso.Tags[string(ext.SpanKind)]; ok && t.zipkinShared {
		started = append(started, opentracing.Tag{Key: string(ext.SpanKind), Value: kind})
	}
	t.house.StartSpanIn(&s.span, l, operationName, started...)

	if t.v2 != nil && s.undecided() {
		s.apply(t.v2.OnCreateSpan(s))
		t.early.count(s)
	}
	if sso.StartTime.IsZero() {
		sso.StartTime = s.span.StartTime()
	}
	t.watch(s, operationName, sso)
	if v, ok := sso.Tags[priorityTag]; ok {
		s.tag(priorityTag, v, true)
	}
	for k, v := range sso.Tags {
		if k != priorityTag {
			s.tag(k, v, k != string(ext.SpanKind) || !t.zipkinShared)
		}
	}
}

// asked reports whether someone on this side is asked or told what happens to a
// span before it ends.
func (t *Tracer) asked() bool { return t.v2 != nil || len(t.observers) > 0 }

// watch has the observers choose whether they want to know more of s.
func (t *Tracer) watch(s *Span, operationName string, sso opentracing.StartSpanOptions) {
	var watching []ContribSpanObserver
	for _, o := range t.observers {
		if so, ok := o.OnStartSpan(s, operationName, sso); ok && !absent(so) {
			watching = append(watching, so)
		}
	}
	if watching != nil {
		s.state.mu.Lock()
		s.state.observers = watching
		s.state.mu.Unlock()
	}
}

// applied is what options come to. Nil ones, and those that panic, are passed
// over.
func applied(opts []opentracing.StartSpanOption) (sso opentracing.StartSpanOptions) {
	apply := func(o opentracing.StartSpanOption) {
		defer func() { _ = recover() }()
		o.Apply(&sso)
	}
	for _, o := range opts {
		if o != nil {
			apply(o)
		}
	}
	return sso
}

// contextOf finds the context of the library behind.
func contextOf(c opentracing.SpanContext) (sc model.SpanContext, ok bool) {
	switch c := c.(type) {
	case SpanContext:
		return c.JaegerContext(), true
	case model.SpanContext:
		return c, true
	}
	defer func() {
		if recover() != nil { // a nil pointer
			sc, ok = model.SpanContext{}, false
		}
	}()
	w, ok := c.(interface{ JaegerContext() model.SpanContext })
	if !ok {
		return model.SpanContext{}, false
	}
	return w.JaegerContext(), true
}

// outside is the sampler of a trace about which the tracer asks a SamplerV2: it
// has the library behind wait for Decide.
type outside struct{ sampler SamplerV2 }

func (o outside) Sample(model.TraceID, string) sampler.Decision { return sampler.Decision{Later: o} }
func (o outside) Ask(sampler.Event) sampler.Decision            { return sampler.Decision{Later: o} }

func (o outside) Close() error {
	o.sampler.Close()
	return nil
}

// apply does what a SamplerV2 answered.
func (s *Span) apply(d SamplingDecision) {
	switch {
	case d.Sample:
		if s.span.Decide(sampler.Decision{Sample: true, Tags: sampler.NewTags(cutTags(d.Tags, s.state.tracer.maxTagValue)...)}) {
			s.keepTags(d.Tags...)
		}
	case !d.Retryable:
		s.span.Decide(sampler.Decision{})
	}
}

func (s *Span) rename(operationName string) {
	s.span.SetOperationName(operationName)
	observers, over := s.state.told()
	if over {
		return
	}
	if v2 := s.state.tracer.v2; v2 != nil && s.undecided() {
		s.apply(v2.OnSetOperationName(s, operationName))
	}
	for _, o := range observers {
		o.OnSetOperationName(operationName)
	}
}

// tag sets a tag; record says that the library behind does not have it yet.
func (s *Span) tag(key string, value interface{}, record bool) {
	if !s.state.tracer.asked() && record {
		s.span.SetTag(key, value)
		if s.recording() {
			s.keepTags(Tag{key, value})
		}
		return
	}
	observers, over := s.state.told()
	if over {
		s.span.SetTag(key, value) // counted as too late
		return
	}
	for _, o := range observers {
		o.OnSetTag(key, value)
	}
	if key == priorityTag {
		s.span.SetTag(key, value)
		record = false
	}
	if v2 := s.state.tracer.v2; v2 != nil && s.undecided() {
		s.apply(v2.OnSetTag(s, key, value))
	}
	if record {
		s.span.SetTag(key, value)
	}
	if s.recording() {
		s.keepTags(Tag{key, value})
	}
}

// told returns who is told of the span, and whether nobody is any more.
func (st *spanState) told() (observers []ContribSpanObserver, over bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.observers, st.revived || st.ended
}

// end tells the observers, asks the sampler a last time and has the span
// reported.
func (s *Span) end(o opentracing.FinishOptions) {
	st := s.state
	if st.revived || st.ending.Swap(true) {
		return
	}
	t := st.tracer
	observers, _ := st.told()
	if len(observers) > 0 || s.undecided() {
		if o.FinishTime.IsZero() {
			o.FinishTime = t.now()
		}
		st.setDuration(s.until(o.FinishTime))
	}
	for _, observer := range observers {
		observer.OnFinish(o)
	}
	if t.v2 != nil && s.undecided() {
		s.apply(t.v2.OnFinishSpan(s))
	}
	waiting := s.undecided()
	r := s.span.Detach(o)
	if r == nil && o.FinishTime.IsZero() {
		o.FinishTime = t.now()
	}
	st.close(s, r, waiting && r == nil, &o)
	if r != nil {
		t.reporter.Report(s)
	}
}

func (s *Span) until(end time.Time) time.Duration { return max(end.Sub(s.span.StartTime()), 0) }

func (st *spanState) setDuration(d time.Duration) {
	st.mu.Lock()
	st.duration = d
	st.mu.Unlock()
}

// close keeps what an ended span is known by from now on.
func (st *spanState) close(s *Span, r *model.Span, waiting bool, o *opentracing.FinishOptions) {
	var bulk []opentracing.LogRecord
	if r != nil || waiting {
		bulk = append(bulk, o.LogRecords...)
		for i := range o.BulkLogData {
			bulk = append(bulk, o.BulkLogData[i].ToLogRecord())
		}
	}
	var took time.Duration
	if r != nil {
		took = r.Duration
	} else {
		took = s.until(o.FinishTime)
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.ended, st.record, st.waiting, st.bulk, st.duration = true, r, waiting, bulk, took
}

// lateReporter gets the spans that ended before their trace was decided, when
// the answer is yes. They come as records; what the program gave is not known any
// more.
type lateReporter struct{ tracer *Tracer }

func (l lateReporter) Report(r *model.Span) {
	st := &spanState{
		tracer: l.tracer, revived: true, ended: true, record: r, duration: r.Duration,
		context: SpanContext{model.NewSpanContext(model.SpanContextConfig{
			TraceID: r.TraceID, SpanID: r.ID, ParentID: r.ParentID, Flags: r.Flags,
		})},
	}
	l.tracer.reporter.Report(&Span{state: st})
}

func (l lateReporter) Close() error {
	l.tracer.reporter.Close()
	return nil
}
