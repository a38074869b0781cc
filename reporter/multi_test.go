// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// holder keeps spans until the test releases them, and closes as it is told.
type holder struct {
	held     []*model.Span
	close    func() error
	shutdown func(context.Context) error
}

func (h *holder) Report(span *model.Span) { h.held = append(h.held, span) }

func (h *holder) Close() error { return h.close() }

// patient is a holder that is a Shutdowner too.
type patient struct{ holder }

func (p *patient) Shutdown(ctx context.Context) error { return p.shutdown(ctx) }

// TestSharedRecordIsReleasedOnce: by the last of those that hold it.
func TestSharedRecordIsReleasedOnce(t *testing.T) { // not parallel: it looks at a record that others may get
	a, b, c := &holder{}, &holder{}, &holder{}
	m := reporter.NewMulti(a, reporter.NewMulti(b, reporter.NewDiscard()), c, reporter.NewDiscard())
	span := newSpan(7)
	m.Report(span)
	for _, h := range []*holder{b, a, c} {
		if len(h.held) != 1 || h.held[0] != span {
			t.Fatalf("got %v, want the one record", h.held)
		}
		if span.Operation != "op" || span.ID != 7 || len(span.Tags) != 1 {
			t.Fatalf("got %+v, want it whole while someone holds it", span)
		}
		h.held[0].Release()
	}
	if span.Operation != "" {
		t.Errorf("got %+v, want it given back when all are done", span)
	}
}

// TestMemoryKeepsWhatOthersRelease: not recycled under it, in any position.
func TestMemoryKeepsWhatOthersRelease(t *testing.T) {
	t.Parallel()
	const producers, each = 4, 500
	s := &sender{}
	remote := newRemote(t, s, reporter.WithFlushInterval(time.Millisecond))
	first, last := reporter.NewMemory(), reporter.NewMemory()
	logging := reporter.NewLogging(slog.New(quiet{}))
	m := reporter.NewMulti(first, remote, logging, reporter.NewDiscard(), last)
	var wg sync.WaitGroup
	for p := range producers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range each {
				m.Report(newSpan(model.SpanID(p*each + i)))
				reporter.NewDiscard().Report(newSpan(1 << 40)) // goes round through the pool
			}
		}()
	}
	wg.Wait()
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	settled(t, remote, producers*each)
	settled(t, m, producers*each)
	for _, kept := range []*reporter.Memory{first, last} {
		seen := map[model.SpanID]bool{}
		for _, span := range kept.Spans() {
			if tag, _ := span.Tag("id"); span.Operation != "op" || tag.Int64() != int64(span.ID) || span.Process != process {
				t.Fatalf("got %+v, want what was reported", span)
			}
			seen[span.ID] = true
		}
		if got, want := len(seen), producers*each; got != want {
			t.Errorf("got %d different spans, want %d", got, want)
		}
	}
}

func TestMultiOfFew(t *testing.T) {
	t.Parallel()
	kept := reporter.NewMemory()
	for _, test := range []struct {
		name string
		list []reporter.Reporter
		want uint64
	}{
		{"none", nil, 0},
		{"only nil", []reporter.Reporter{nil, nil}, 0},
		{"one", []reporter.Reporter{kept}, 1},
		{"one among nil", []reporter.Reporter{nil, kept, nil}, 2},
		{"the first does not count", []reporter.Reporter{reporter.NewDiscard(), kept}, 0},
	} {
		m := reporter.NewMulti(test.list...)
		span := newSpan(1)
		m.Report(span)
		flush(t, m)
		if got := m.Stats().Sent; got != test.want {
			t.Errorf("%s: got %d sent, want %d", test.name, got, test.want)
		}
		if err := m.Shutdown(context.Background()); err != nil {
			t.Errorf("%s: got error %v", test.name, err)
		}
		if err := m.Close(); err != nil {
			t.Errorf("%s: got error %v", test.name, err)
		}
	}
	for i, span := range kept.Spans() {
		if span.Operation != "op" {
			t.Errorf("got span %d = %+v, want it whole", i, span)
		}
	}
	if got := len(kept.Spans()); got != 3 {
		t.Errorf("got %d spans, want 3", got)
	}
}

func TestMultiKeepsItsOwnList(t *testing.T) {
	t.Parallel()
	kept := reporter.NewMemory()
	list := []reporter.Reporter{kept}
	m := reporter.NewMulti(list...)
	list[0] = reporter.NewDiscard()
	m.Report(newSpan(1))
	if got := len(kept.Spans()); got != 1 {
		t.Errorf("got %d spans, want 1", got)
	}
}

func TestMultiJoinsErrors(t *testing.T) {
	t.Parallel()
	one, two := errors.New("one"), errors.New("two")
	fail := func(err error) func() error { return func() error { return err } }
	a, b, c := &holder{close: fail(one)}, &holder{close: func() error { panic("boom") }}, &holder{close: fail(two)}
	d := &patient{holder{close: fail(nil), shutdown: func(context.Context) error { return one }}}
	m := reporter.NewMulti(a, b, c, d)
	for _, test := range []struct {
		name string
		err  error
		want string
	}{
		{"close", m.Close(), "one\npanic in *reporter_test.holder: boom\ntwo"},
		{"shutdown", m.Shutdown(context.Background()), "one\npanic in *reporter_test.holder: boom\ntwo\none"},
	} {
		if test.err == nil || test.err.Error() != test.want || !errors.Is(test.err, two) {
			t.Errorf("%s: got error %v, want %s", test.name, test.err, test.want)
		}
	}
}

// TestMultiClosesAllAtOnce: each waits here until all have begun.
func TestMultiClosesAllAtOnce(t *testing.T) {
	t.Parallel()
	var begun sync.WaitGroup
	begun.Add(3)
	meet := func() error {
		begun.Done()
		begun.Wait()
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	inTime := &patient{holder{shutdown: func(got context.Context) error {
		if got != ctx {
			t.Error("got another context than the caller's")
		}
		return meet()
	}}}
	m := reporter.NewMulti(&holder{close: meet}, inTime, &holder{close: meet})
	if err := m.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}

// quiet is a slog.Handler that wants nothing.
type quiet struct{ slog.Handler }

func (quiet) Enabled(context.Context, slog.Level) bool { return false }
