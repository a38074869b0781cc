// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/uber/jaeger-client-go"
)

// watcher is a ContribObserver.
type watcher struct {
	notes
	ignore string
}

func (w *watcher) OnStartSpan(sp opentracing.Span, name string, o opentracing.StartSpanOptions) (jaeger.ContribSpanObserver, bool) {
	_, own := sp.(*jaeger.Span)
	w.add("start %s %t %t %d", name, own, !o.StartTime.IsZero(), len(o.Tags))
	return &watching{w, sp}, name != w.ignore
}

type watching struct {
	w  *watcher
	sp opentracing.Span
}

func (w *watching) OnSetOperationName(name string)         { w.w.add("name %s", name) }
func (w *watching) OnSetTag(key string, value interface{}) { w.w.add("tag %s=%v", key, value) }
func (w *watching) OnFinish(options opentracing.FinishOptions) {
	w.w.add("finish %t", !options.FinishTime.IsZero())
	w.sp.LogKV("observer", "was here")
}

// oldWatcher is an Observer.
type oldWatcher struct{ notes }

func (w *oldWatcher) OnStartSpan(name string, _ opentracing.StartSpanOptions) jaeger.SpanObserver {
	w.add("old %s", name)
	if name == "other" {
		return nil
	}
	return &watching{&watcher{}, opentracing.NoopTracer{}.StartSpan("")}
}

func TestUserObservers(t *testing.T) {
	for _, sampled := range []bool{true, false} {
		w, old := &watcher{ignore: "other"}, &oldWatcher{}
		o := jaeger.TracerOptions
		tracer, closer := jaeger.NewTracer("svc", jaeger.NewConstSampler(sampled), jaeger.NewNullReporter(),
			o.ContribObserver(w), o.Observer(old), o.ContribObserver(nil), o.Observer(nil))
		s := start(t, tracer, "op", opentracing.Tag{Key: "a", Value: 1})
		s.SetTag("b", 2)
		s.SetOperationName("new")
		s.Finish()
		s.Finish()
		s.SetTag("late", 1)
		start(t, tracer, "other").SetTag("unseen", 1).Finish()
		closer.Close()
		w.want(t, "start op true true 1, tag a=1, tag b=2, name new, finish true, start other true true 0")
		old.want(t, "old op, old other")
		if got := len(s.Logs()) == 1; got != sampled {
			t.Errorf("sampled %t: log of the observer: got %t", sampled, got)
		}
	}
}

// lineFormat is an Injector and Extractor of a format of its own.
type lineFormat struct{ notes }

func (h *lineFormat) Inject(c jaeger.SpanContext, carrier interface{}) error {
	*carrier.(*string) = c.String()
	return nil
}

func (h *lineFormat) Extract(carrier interface{}) (jaeger.SpanContext, error) {
	if *carrier.(*string) == "" {
		return jaeger.SpanContext{}, opentracing.ErrSpanContextNotFound
	}
	return jaeger.ContextFromString(*carrier.(*string))
}

func TestUserFormats(t *testing.T) {
	h := &lineFormat{}
	o := jaeger.TracerOptions
	tracer, _ := traced(t, jaeger.NewConstSampler(true),
		o.Injector("hex", h), o.Extractor("hex", h), o.Injector(opentracing.Binary, h),
		o.Injector("nil", nil), o.Extractor([]int{}, h), o.Extractor(nil, nil))
	s := start(t, tracer, "op")
	var carrier string
	if err := tracer.Inject(s.Context(), "hex", &carrier); err != nil || carrier != s.String() {
		t.Errorf("inject: got %q, %v, want %q", carrier, err, s)
	}
	c, err := tracer.Extract("hex", &carrier)
	if err != nil || c.(jaeger.SpanContext).String() != s.String() {
		t.Errorf("extract: got %v, %v, want %v", c, err, s)
	}
	if err := tracer.Inject(s.Context(), opentracing.Binary, &carrier); err != nil {
		t.Errorf("the program's own for a format of OpenTracing: %v", err)
	}
	carrier = "1:2:0:0"
	c, _ = tracer.Extract("hex", &carrier)
	if contextOf(t, start(t, tracer, "child", opentracing.ChildOf(c))).IsSampled() {
		t.Error("an unsampled remote parent got a sampled child")
	}
	carrier = ""
	for _, test := range []struct {
		name string
		err  error
		want error
	}{
		{"nothing there", second(tracer.Extract("hex", &carrier)), opentracing.ErrSpanContextNotFound},
		{"unknown format", second(tracer.Extract("nil", &carrier)), opentracing.ErrUnsupportedFormat},
		{"no key for a map", second(tracer.Extract([]int{}, &carrier)), opentracing.ErrUnsupportedFormat},
		{"foreign context", tracer.Inject(opentracing.NoopTracer{}.StartSpan("").Context(), "hex", &carrier), opentracing.ErrInvalidSpanContext},
		{"foreign context, own format", tracer.Inject(nil, opentracing.TextMap, opentracing.TextMapCarrier{}), opentracing.ErrInvalidSpanContext},
	} {
		if test.err != test.want {
			t.Errorf("%s: got %v, want %v", test.name, test.err, test.want)
		}
	}
}

func second[A any](_ A, err error) error { return err }

// lines is a Logger.
type lines struct{ notes }

func (l *lines) Error(msg string)                      { l.add("error %s", msg) }
func (l *lines) Infof(msg string, args ...interface{}) { l.add("info "+msg, args...) }

func TestUserLogger(t *testing.T) {
	l := &lines{}
	o := jaeger.TracerOptions
	tracer, closer := jaeger.NewTracer("svc", nil, nil, o.Logger(l), o.Logger(nil), nil,
		o.HighTraceIDGenerator(func() uint64 { return 1 }), o.CustomHeaderKeys(&jaeger.HeadersConfig{TraceContextHeaderName: "a b"}))
	start(t, tracer, "op").Finish()
	closer.Close()
	got := l.String()
	for _, want := range []string{"no sampler given", "no reporter given", "HighTraceIDGenerator without Gen128Bit", "custom headers are not used"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want it to say %s", got, want)
		}
	}
}

// pool is a SpanAllocator, which nothing asks any more.
type pool struct{}

func (pool) Get() *jaeger.Span { return &jaeger.Span{} }
func (pool) Put(*jaeger.Span)  {}

func TestUserAllocator(t *testing.T) {
	var p jaeger.SpanAllocator = pool{}
	s := p.Get()
	s.Retain().Release()
	s.Release()
	p.Put(s)
	tracer, reporter := traced(t, jaeger.NewConstSampler(true), jaeger.TracerOptions.PoolSpans(true))
	for range 3 {
		start(t, tracer, "op").SetTag("k", "v").Finish()
	}
	names := []string{}
	for _, s := range reporter.GetSpans() {
		names = append(names, fmt.Sprint(s.(*jaeger.Span).Tags()["k"]))
	}
	if want := []string{"v", "v", "v"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}
