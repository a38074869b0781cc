// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"reflect"
	"sync"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	m := reporter.NewMemory()
	if got := m.Spans(); len(got) != 0 {
		t.Errorf("got %v, want none", got)
	}
	m.Report(newSpan(1))
	m.Report(newSpan(2))
	got := m.Spans()
	if len(got) != 2 || got[0].ID != 1 || got[1].ID != 2 {
		t.Fatalf("got %v, want spans 1 and 2", got)
	}
	got[0] = nil
	if m.Spans()[0] == nil {
		t.Error("got the reporter's own slice, want the caller's")
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	m.Report(newSpan(3))
	if got := m.Spans(); len(got) != 3 || got[2].ID != 3 {
		t.Errorf("got %v after Close, want all three", got)
	}
	kept := m.Spans()
	m.Reset()
	if got := m.Spans(); len(got) != 0 {
		t.Errorf("got %v after Reset, want none", got)
	}
	for i, span := range kept {
		if span.ID != model.SpanID(i+1) || span.Operation != "op" {
			t.Errorf("got %+v, want it whole after Reset", span)
		}
	}
	settled(t, m, 3)
}

func TestMemoryFromManyGoroutines(t *testing.T) {
	t.Parallel()
	m := reporter.NewMemory()
	done := make(chan struct{})
	var producing, watching sync.WaitGroup
	watching.Add(1)
	go func() {
		defer watching.Done()
		watch(t, m, done)
	}()
	for range 4 {
		producing.Add(1)
		go func() {
			defer producing.Done()
			for id := range model.SpanID(500) {
				m.Report(newSpan(id))
				if len(m.Spans()) == 0 {
					t.Error("got none, want at least this goroutine's")
				}
			}
		}()
	}
	producing.Wait()
	close(done)
	watching.Wait()
	settled(t, m, 2000)
}

func TestDiscard(t *testing.T) { // not parallel: it looks at a record that others may get
	d := reporter.NewDiscard()
	span := newSpan(1)
	d.Report(span)
	if span.Operation != "" {
		t.Errorf("got %+v, want the record given back", span)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// TestStatsAdd: every count there is, also those that are added later.
func TestStatsAdd(t *testing.T) {
	t.Parallel()
	var fill func(v reflect.Value, n *uint64, times uint64)
	fill = func(v reflect.Value, n *uint64, times uint64) {
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() == reflect.Struct {
				fill(f, n, times)
			} else {
				*n++
				f.SetUint(*n * times)
			}
		}
	}
	var one, two, want reporter.Stats
	for _, s := range []struct {
		stats *reporter.Stats
		times uint64
	}{{&one, 1}, {&two, 100}, {&want, 101}} {
		n := uint64(0)
		fill(reflect.ValueOf(s.stats).Elem(), &n, s.times)
	}
	if got := one.Add(two); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}

	var dropped reporter.Dropped
	n, sum := uint64(0), uint64(0)
	fill(reflect.ValueOf(&dropped).Elem(), &n, 1)
	for i := uint64(1); i <= n; i++ {
		sum += i
	}
	if got := dropped.Total(); got != sum {
		t.Errorf("got a total of %d, want %d", got, sum)
	}
}
