// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"runtime"
	"sync"
	"testing"
	"unsafe"

	"github.com/opentracing/opentracing-go"

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
// fetched together, with what belongs to the next.
func TestLocalsStandApart(t *testing.T) {
	if size := unsafe.Sizeof(local{}); size%128 != 0 && unsafe.Sizeof(uintptr(0)) == 8 {
		t.Errorf("a local has %d bytes, want a multiple of 128", size)
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
				switch w % 3 {
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

func heap() int64 {
	var m runtime.MemStats
	for range 2 { // what a sync.Pool holds goes with the second
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
