// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"runtime"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
)

func unsampledTracer(t testing.TB, opts ...Option) *Tracer {
	tracer, err := New("svc", reporter.NewDiscard(), append([]Option{WithSampler(sampler.NewConst(false))}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tracer.Close() })
	return tracer
}

// What belongs to one processor shares no cache line, nor the pair of them that is
// fetched together, with what belongs to the next, wherever in a line it begins.
func TestLocalsStandApart(t *testing.T) {
	l := local{}
	if apart := unsafe.Sizeof(l) - unsafe.Offsetof(l.n) - unsafe.Sizeof(l.n); apart < 128 {
		t.Errorf("%d bytes apart, want at least 128", apart)
	}
}

// The numbers are those that others published for SplitMix64 with the seed 1234567.
func TestMixIsSplitMix64(t *testing.T) {
	l := local{seed: 1234567}
	for i, want := range []uint64{
		6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
	} {
		if got := l.id(); got != want {
			t.Errorf("id %d: got %d, want %d", i, got, want)
		}
	}
	// The one state whose output is 0.
	if l := (local{seed: -golden & (1<<64 - 1)}); l.id() == 0 {
		t.Error("got 0, which is no id")
	}
}

// Processors that come after New share what has atomics; nothing is counted twice or
// not at all.
func TestCountsWithMoreProcessorsThanAtFirst(t *testing.T) {
	tracer := unsampledTracer(t)
	if len(tracer.counts.locals) > 0 {
		tracer.counts.locals = tracer.counts.locals[:1]
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(6))
	const workers, each = 12, 3000
	var wg sync.WaitGroup
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range each {
				span := tracer.StartSpan("root")
				switch {
				case w%3 == 1:
					tracer.StartSpan("child", opentracing.ChildOf(span.Context())).Finish()
				case w%3 == 2:
					span.SetTag("sampling.priority", 1)
				}
				span.LogKV("event", "x")
				span.Finish()
				if i%500 == 0 {
					runtime.Gosched()
				}
			}
		}()
	}
	wg.Wait()
	s := tracer.Stats()
	const third = workers / 3 * each
	if s.Started != 4*third || s.TracesStarted.Unsampled != 3*third || s.Finished != third || s.Open != 0 || s.Unsampled != 3*third {
		t.Errorf("got %+v, want %d started, %d of them children, %d finished", s, 4*third, third, third)
	}
}

// Ids come in short sequences from many seeds; no two are the same.
func TestIDsAreUnique(t *testing.T) {
	const workers, each = 8, 40_000
	tracer := unsampledTracer(t)
	handles := NewHandles(tracer, func(s *Span) *Span { return s })
	recording, err := New("svc", reporter.NewDiscard())
	if err != nil {
		t.Fatal(err)
	}
	defer recording.Close()
	parent := recording.StartSpan("parent").Context()
	var mu sync.Mutex
	seen := make(map[uint64]bool, workers*each)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mine := make([]uint64, each)
			for i := range mine {
				var s *Span
				switch w % 4 {
				case 3:
					s = recording.StartSpan("child", opentracing.ChildOf(parent)).(*Span)
					mine[i] = uint64(s.SpanContext().SpanID())
					s.Finish()
					continue
				case 0:
					s = tracer.StartSpan("op").(*Span)
				case 1:
					s = handles.StartSpan("op")
				default:
					s = tracer.StartSpan("op", opentracing.Tag{Key: "k", Value: 1}).(*Span)
				}
				sc := s.SpanContext()
				if id := sc.TraceID(); id.High != 0 || id.Low != uint64(sc.SpanID()) || !sc.IsValid() || sc.ParentID() != 0 {
					t.Errorf("got context %v of a root", sc)
					return
				}
				mine[i] = uint64(sc.SpanID())
			}
			mu.Lock()
			defer mu.Unlock()
			for _, id := range mine {
				if seen[id] {
					t.Errorf("id %x came twice", id)
				}
				seen[id] = true
			}
		}()
	}
	wg.Wait()
	if got := recording.Stats(); got.Finished != workers/4*each || got.SpansStarted.Sampled != workers/4*each+1 {
		t.Errorf("got %+v, want %d children finished", got, workers/4*each)
	}
}

// An allocation holds several spans, but what one of them keeps alive ends there.
// Each root here has a child that is never finished and baggage that refers to it,
// and the next root carries on from a context that came over the wire.
func TestKeptSpanKeepsNoChainAlive(t *testing.T) {
	tracer, err := New("svc", reporter.NewDiscard())
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	before := heap()
	var kept []opentracing.Span
	carrier := opentracing.TextMapCarrier{}
	const spans = 60_000
	for i := range spans {
		root := tracer.StartSpan("root")
		root.SetBaggageItem("k", "v")
		child := tracer.StartSpan("child", opentracing.ChildOf(root.Context()))
		child.SetBaggageItem("k", "w")
		if err := tracer.Inject(child.Context(), opentracing.TextMap, carrier); err != nil {
			t.Fatal(err)
		}
		remote, err := tracer.Extract(opentracing.TextMap, carrier)
		if err != nil {
			t.Fatal(err)
		}
		joined := tracer.StartSpan("joined", opentracing.ChildOf(remote))
		tracer.StartSpan("grandchild", opentracing.ChildOf(joined.Context()))
		if i%(spans/10) == 0 {
			kept = append(kept, root, child, joined)
		}
	}
	if grown := heap() - before; grown > 8<<20 {
		t.Errorf("%d kept spans keep %d bytes alive", len(kept), grown)
	}
	runtime.KeepAlive(kept)
}

// A wrapper refers to a child whose neighbours in memory may be children of wrappers.
func TestWrappersKeepNoChainAlive(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // or the chain breaks where the goroutine moves
	tracer, err := New("svc", reporter.NewDiscard())
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	type wrapper struct {
		Span
		other opentracing.Span
		_     [1000]byte
	}
	before := heap()
	var other, last opentracing.Span
	for range 20_000 {
		w := &wrapper{other: other}
		tracer.StartSpanIn(&w.Span, nil, "wrapped")
		last = tracer.StartSpan("child", opentracing.ChildOf(w.Context()))
		other = tracer.StartSpan("other", opentracing.ChildOf(tracer.StartSpan("root").Context()))
	}
	if grown := heap() - before; grown > 4<<20 {
		t.Errorf("one span keeps %d bytes alive", grown)
	}
	runtime.KeepAlive(last)
}

// A wrapper's Extension may refer to another span.
func TestExtensionsKeepNoChainAlive(t *testing.T) {
	tracer := unsampledTracer(t)
	before := heap()
	type extension struct {
		span opentracing.Span
		_    [1000]byte
	}
	var last opentracing.Span
	for i := range 20_000 {
		parent := model.NewSpanContext(model.SpanContextConfig{Extension: &extension{span: tracer.StartSpan("op")}})
		if i%2 == 1 {
			parent = model.NewSpanContext(model.SpanContextConfig{
				TraceID: model.TraceID{Low: 1}, SpanID: 2, Extension: parent.Extension(),
			})
		}
		last = tracer.StartSpan("op", opentracing.ChildOf(parent))
	}
	if grown := heap() - before; grown > 4<<20 {
		t.Errorf("one span keeps %d bytes alive", grown)
	}
	runtime.KeepAlive(last)
}

// What the fields of a log refer to goes with the record.
func TestLoggedValuesAreNotKeptAlive(t *testing.T) {
	tracer, err := New("svc", reporter.NewDiscard())
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	before := heap()
	for range 2 {
		span := tracer.StartSpan("op")
		var fields []log.Field
		for range 16 {
			fields = append(fields, log.String("k", strings.Repeat("x", 2<<20)[:100]))
		}
		span.LogFields(fields...)
		span.LogKV("a", strings.Repeat("x", 2<<20)[:100], "b", strings.Repeat("x", 2<<20)[:100], "c", strings.Repeat("x", 2<<20)[:100], 4, "no key")
		span.Finish()
	}
	if grown := heap() - before; grown > 4<<20 {
		t.Errorf("logs of 100 bytes keep %d bytes alive", grown)
	}
	runtime.KeepAlive(tracer)
}

func heap() int64 {
	var m runtime.MemStats
	for range 2 { // what a sync.Pool holds goes with the second
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
