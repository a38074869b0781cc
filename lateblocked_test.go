// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
)

// blocking is a sampler whose questions are answered by a function.
type blocking struct{ ask func() sampler.Decision }

func (b blocking) Sample(model.TraceID, string) sampler.Decision { return sampler.Decision{Later: b} }
func (b blocking) Ask(sampler.Event) sampler.Decision            { return b.ask() }

// While a sampler keeps a goroutine waiting, what the others finish is bounded as
// if it had answered "not yet".
func TestBlockedAskIsBounded(t *testing.T) {
	t.Parallel()
	asked, release := make(chan struct{}), make(chan struct{})
	b := blocking{func() sampler.Decision {
		select {
		case asked <- struct{}{}:
			<-release
		case <-release:
		}
		return sampler.Decision{Sample: true}
	}}
	tracer, err := jaeger.New("s", reporter.NewDiscard(), jaeger.WithSampler(b))
	if err != nil {
		t.Fatal(err)
	}
	root := tracer.StartSpan("root")
	done := make(chan struct{})
	go func() {
		defer close(done)
		root.SetTag("a", 1)
	}()
	<-asked
	const children, size = 400, 10 << 10
	for range children {
		child := tracer.StartSpan("child", opentracing.ChildOf(root.Context()))
		child.LogKV("x", strings.Repeat("y", size))
		child.Finish()
	}
	close(release)
	<-done
	root.Finish()
	s := tracer.Stats()
	if s.Overflowed < children/2 || s.Overflowed >= children {
		t.Errorf("%d of %d spans of %d bytes overflowed, want those beyond 1 MiB", s.Overflowed, children, size)
	}
	if s.Open != 0 || s.Waiting != 0 || s.Started != s.Finished+s.Unsampled+s.Overflowed || s.Finished != children+1-s.Overflowed {
		t.Errorf("the sums do not agree: %+v", s)
	}
	if err := tracer.Close(); err != nil {
		t.Error(err)
	}
}

// A sampler that ends the goroutine it is asked on, as a test's FailNow does,
// has said no.
func TestAskThatExits(t *testing.T) {
	t.Parallel()
	memory := reporter.NewMemory()
	tracer, err := jaeger.New("s", memory, jaeger.WithSampler(blocking{func() sampler.Decision {
		runtime.Goexit()
		return sampler.Decision{}
	}}))
	if err != nil {
		t.Fatal(err)
	}
	apart := func(f func()) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			f()
		}()
		<-done
	}
	tagged, ended := tracer.StartSpan("tagged"), tracer.StartSpan("ended")
	apart(func() { tagged.SetTag("a", 1) })
	apart(func() { ended.Finish() })
	tagged.Finish()
	root := tracer.StartSpan("root")
	apart(func() { tracer.StartSpan("child", opentracing.ChildOf(root.Context())) }) // nobody gets it
	root.Finish()
	if err := tracer.Close(); err != nil {
		t.Error(err)
	}
	if s := tracer.Stats(); s.Started != 4 || s.Unsampled != 3 || s.Open != 1 || s.Undecided != 0 || len(memory.Spans()) != 0 {
		t.Errorf("counts: %+v", s)
	}
}
