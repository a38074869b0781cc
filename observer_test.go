// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// diary is an observer that writes down what it is told of each span.
type diary struct {
	mu    sync.Mutex
	lines []string
	spans []*page
	deaf  string // the operation it does not want to hear of
	on    func(p *page, what string)
}

type page struct {
	d      *diary
	span   *jaeger.Span
	start  opentracing.StartSpanOptions
	finish opentracing.FinishOptions
}

func (d *diary) OnStartSpan(s *jaeger.Span, operation string, o opentracing.StartSpanOptions) (jaeger.SpanObserver, bool) {
	p := &page{d: d, span: s, start: o}
	p.write("start " + operation)
	d.mu.Lock()
	d.spans = append(d.spans, p)
	d.mu.Unlock()
	return p, operation != d.deaf
}

func (p *page) write(line string) {
	p.d.mu.Lock()
	p.d.lines = append(p.d.lines, line)
	p.d.mu.Unlock()
	if p.d.on != nil {
		p.d.on(p, line)
	}
}

func (p *page) OnSetOperationName(name string) { p.write("name " + name) }
func (p *page) OnSetTag(key string, value any) {
	p.write(fmt.Sprintf("tag %s=%v(%T)", key, value, value))
}
func (p *page) OnFinish(o opentracing.FinishOptions) { p.finish = o; p.write("finish") }

func TestObservers(t *testing.T) {
	for _, sampled := range []bool{true, false} {
		t.Run(fmt.Sprint("sampled ", sampled), func(t *testing.T) {
			now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
			first, second := &diary{}, &diary{deaf: "op"}
			tracer, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(sampled)), jaeger.WithObserver(first),
				jaeger.WithObserver(second), jaeger.WithClock(func() time.Time { return now }))
			first.on = func(p *page, what string) {
				if what == "start op" { // the span is ready by now
					if r := p.span.Snapshot(); sampled && (r == nil || set(r) != "a=int64(1)") || !sampled && r != nil {
						t.Errorf("got %+v at the start", r)
					}
					p.span.SetBaggageItem("from", "observer")
				}
			}
			span := tracer.StartSpan("op", opentracing.Tag{Key: "a", Value: 1})
			now = now.Add(time.Minute)
			span.SetOperationName("other").SetTag("k", time.Second)
			span.SetBaggageItem("b", "c")
			span.SetTag("sampling.priority", "never mind")
			now = now.Add(time.Minute)
			span.Finish()
			span.Finish()
			span.SetTag("late", 1).SetOperationName("late")
			want := []string{"start op", "name other", "tag k=1s(time.Duration)", "tag sampling.priority=never mind(string)", "finish"}
			if !slices.Equal(first.lines, want) || !slices.Equal(second.lines, want[:1]) {
				t.Errorf("got  %q and %q\nwant %q and %q", first.lines, second.lines, want, want[:1])
			}
			p := first.spans[0]
			if took := p.finish.FinishTime.Sub(p.start.StartTime); took != 2*time.Minute || p.start.Tags["a"] != 1 {
				t.Errorf("got %v and tags %v, want 2m and a=1", took, p.start.Tags)
			}
			if span.BaggageItem("from") != "observer" || span.BaggageItem("b") != "c" {
				t.Errorf("got baggage %q %q", span.BaggageItem("from"), span.BaggageItem("b"))
			}
			if sampled {
				if got := only(t, kept); got.Duration != 2*time.Minute || got.Operation != "other" {
					t.Errorf("got %v %s", got.Duration, got.Operation)
				}
			} else if len(kept.Spans()) != 0 {
				t.Error("an unsampled span was reported")
			}
			if s := tracer.Stats(); s.Started != 1 || s.Open != 0 || s.Unsampled+s.Finished != 1 {
				t.Errorf("got %+v", s)
			}
		})
	}
}

func TestObserverIsToldTheOptions(t *testing.T) {
	d := &diary{}
	tracer, kept := newTracer(t, jaeger.WithObserver(d))
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	span := tracer.StartSpan("op", opentracing.StartTime(start), serverOf(remote(1, 2, 1)), panicOption{}, opentracing.Tags{"a": 1})
	end := opentracing.FinishOptions{FinishTime: start.Add(time.Second), LogRecords: make([]opentracing.LogRecord, 1)}
	span.FinishWithOptions(end)
	p := d.spans[0]
	if o := p.start; !o.StartTime.Equal(start) || o.Tags["span.kind"] != serverKind || o.Tags["a"] != 1 || len(o.References) != 1 {
		t.Errorf("got %+v", o)
	}
	if o := p.finish; !o.FinishTime.Equal(end.FinishTime) || len(o.LogRecords) != 1 {
		t.Errorf("got %+v", o)
	}
	if got := only(t, kept); got.Duration != time.Second || got.Start != start.UnixNano() || len(got.Logs) != 1 {
		t.Errorf("got %+v", got)
	}
}

// An observer may use the span, and what it sets at the end is kept.
func TestObserverUsesTheSpan(t *testing.T) {
	d := &diary{}
	d.on = func(p *page, what string) {
		switch {
		case strings.HasPrefix(what, "start"):
			p.span.SetTag("started", true)
		case strings.HasPrefix(what, "tag k="):
			p.span.SetTag("nested", true).SetOperationName("nested")
			p.span.LogKV("nested", true)
		case what == "finish":
			p.span.SetTag("finished", true).SetOperationName("finished")
			p.span.Finish()
			p.span.SetTag("too late", true)
		}
	}
	tracer, kept := newTracer(t, jaeger.WithObserver(d))
	tracer.StartSpan("op").SetTag("k", 1).Finish()
	got := only(t, kept)
	if want := "started=bool(true) k=int64(1) nested=bool(true) finished=bool(true)"; set(got) != want || got.Operation != "finished" || len(got.Logs) != 1 {
		t.Errorf("got  %s %s\nwant %s", got.Operation, set(got), want)
	}
	if want := []string{"start op", "tag k=1(int)", "tag nested=true(bool)", "name nested", "finish"}; !slices.Equal(d.lines, want) {
		t.Errorf("got  %q\nwant %q", d.lines, want)
	}
	if s := tracer.Stats(); s.Finished != 1 || s.Open != 0 {
		t.Errorf("got %+v", s)
	}
}

type nilObserver struct{}

func (nilObserver) OnStartSpan(*jaeger.Span, string, opentracing.StartSpanOptions) (jaeger.SpanObserver, bool) {
	var none *page
	return none, true
}

type panicObserver struct{}

func (panicObserver) OnStartSpan(*jaeger.Span, string, opentracing.StartSpanOptions) (jaeger.SpanObserver, bool) {
	panic("start")
}

// The last word on an unsampled span is the observer's.
func TestObserverForcesAtTheEnd(t *testing.T) {
	d := &diary{}
	d.on = func(p *page, what string) {
		if what == "finish" {
			p.span.SetTag("sampling.priority", 1)
		}
	}
	tracer, kept := newTracer(t, jaeger.WithObserver(d), jaeger.WithSampler(sampler.NewConst(false)))
	tracer.StartSpan("op").Finish()
	if got := only(t, kept); got.Flags != 3 || set(got) != "sampling.priority=int64(1)" {
		t.Errorf("got flags %d %s", got.Flags, set(got))
	}
}

func TestObserversThatFail(t *testing.T) {
	bad, good := &diary{}, &diary{}
	bad.on = func(_ *page, what string) {
		if !strings.HasPrefix(what, "start") {
			panic(what)
		}
	}
	tracer, kept := newTracer(t, jaeger.WithObserver(panicObserver{}), jaeger.WithObserver(nilObserver{}),
		jaeger.WithObserver(bad), jaeger.WithObserver(good))
	tracer.StartSpan("op").SetTag("a", 1).SetOperationName("b").Finish()
	want := []string{"start op", "tag a=1(int)", "name b", "finish"}
	if !slices.Equal(bad.lines, want) || !slices.Equal(good.lines, want) {
		t.Errorf("got  %q and %q\nwant %q", bad.lines, good.lines, want)
	}
	if got := only(t, kept); set(got) != "a=int64(1)" {
		t.Errorf("got %s", set(got))
	}
}

func TestObserverAndEveryWayToEnd(t *testing.T) {
	for _, test := range []struct {
		name   string
		finish func(s *jaeger.Span)
	}{
		{"finish", func(s *jaeger.Span) { s.Finish() }},
		{"with options", func(s *jaeger.Span) { s.FinishWithOptions(opentracing.FinishOptions{}) }},
		{"detach", func(s *jaeger.Span) { s.Detach(opentracing.FinishOptions{}) }},
		{"forced first", func(s *jaeger.Span) { s.SetTag("sampling.priority", 1); s.Finish() }},
		{"stopped first", func(s *jaeger.Span) { s.SetTag("sampling.priority", 0); s.Finish() }},
		{"after close", func(s *jaeger.Span) { s.Tracer().(*jaeger.Tracer).Close(); s.Finish() }},
	} {
		for _, how := range []struct {
			name string
			s    sampler.Sampler
		}{{"sampled", sampler.NewConst(true)}, {"unsampled", sampler.NewConst(false)}, {"undecided", &script{}}} {
			t.Run(test.name+" "+how.name, func(t *testing.T) {
				d := &diary{}
				tracer, _ := newTracer(t, jaeger.WithObserver(d), jaeger.WithSampler(how.s), jaeger.WithFinishCount())
				span := tracer.StartSpan("op").(*jaeger.Span)
				test.finish(span)
				test.finish(span)
				span.Finish()
				finishes := 0
				for _, line := range d.lines {
					if line == "finish" {
						finishes++
					}
				}
				if finishes != 1 {
					t.Errorf("got %q, want one finish", d.lines)
				}
				sums(t, tracer.Stats())
				if s := tracer.Stats(); s.Open != 0 {
					t.Errorf("got %+v", s)
				}
			})
		}
	}
}

func TestObserveConcurrently(t *testing.T) {
	d := &diary{}
	tracer, _ := newTracer(t, jaeger.WithObserver(d), jaeger.WithSampler(sampler.NewConst(false)))
	root := tracer.StartSpan("root")
	together(8, func(i int) {
		for range 20 {
			span := tracer.StartSpan("op", opentracing.ChildOf(root.Context()))
			root.SetTag("i", i)
			root.SetBaggageItem(fmt.Sprint(i), "x").SetOperationName("root")
			if i == 3 {
				root.Finish()
			}
			span.Finish()
			span.Finish()
		}
	})
	finishes := 0
	for _, line := range d.lines {
		if line == "finish" {
			finishes++
		}
	}
	if finishes != 161 {
		t.Errorf("got %d finishes, want 161", finishes)
	}
}

// Two tracers, of which one is observed, share a trace.
func TestObserversAreTheTracersOwn(t *testing.T) {
	d := &diary{}
	plain, kept := newTracer(t, jaeger.WithSampler(sampler.NewConst(false)))
	observed, _ := newTracer(t, jaeger.WithObserver(d))
	root := plain.StartSpan("root")
	child := observed.StartSpan("child", opentracing.ChildOf(root.Context()))
	root.SetTag("a", 1).SetOperationName("b").Finish()
	child.SetTag("c", 1).Finish()
	root.SetTag("d", 1)
	if want := []string{"start child", "tag c=1(int)", "finish"}; !slices.Equal(d.lines, want) {
		t.Errorf("got  %q\nwant %q", d.lines, want)
	}
	if sc := root.Context().(model.SpanContext); sc.Flags() != 0 || len(kept.Spans()) != 0 {
		t.Errorf("got flags %d and %d spans", sc.Flags(), len(kept.Spans()))
	}
	if s := plain.Stats(); s.Unsampled != 1 || s.LateCalls != 0 {
		t.Errorf("got %+v", s)
	}
}
