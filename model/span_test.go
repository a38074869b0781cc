// SPDX-License-Identifier: Apache-2.0

package model_test

import (
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
)

func TestSpanTagIsTheLastOne(t *testing.T) {
	t.Parallel()
	s := &model.Span{Tags: []model.Tag{model.Int64("a", 1), model.Int64("b", 2), model.Int64("a", 3)}}
	if tag, ok := s.Tag("a"); !ok || tag.Int64() != 3 {
		t.Errorf("got %v %v, want 3", tag.Int64(), ok)
	}
	if _, ok := s.Tag("c"); ok {
		t.Error("got a tag that was not set")
	}
}

func TestSpanStartTime(t *testing.T) {
	t.Parallel()
	want := time.Date(2024, 2, 29, 12, 0, 0, 123456789, time.UTC)
	s := &model.Span{Start: want.UnixNano()}
	if got := s.StartTime(); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestAddLogKeepsEarlierLogs: the fields share one slice, which moves as it grows.
func TestAddLogKeepsEarlierLogs(t *testing.T) {
	t.Parallel()
	s := model.NewSpan()
	defer s.Release()
	mine := []model.Tag{model.String("mine", "before")}
	s.AddLog(-1, mine...)
	mine[0] = model.String("mine", "after")
	for i := range 100 {
		s.AddLog(int64(i), model.Int64("i", int64(i)), model.Int64("square", int64(i*i)))
	}
	s.AddLog(100)
	if got := s.Logs[0].Fields[0].Str(); got != "before" {
		t.Errorf("got %q, want a copy of the caller's fields", got)
	}
	for i, log := range s.Logs[1:101] {
		if log.Time != int64(i) || len(log.Fields) != 2 || log.Fields[0].Int64() != int64(i) || log.Fields[1].Int64() != int64(i*i) {
			t.Fatalf("got log %d = %+v", i, log)
		}
	}
	_ = append(s.Logs[1].Fields, model.String("x", "overwrites"))
	if got := s.Logs[2].Fields[0].Key; got != "i" {
		t.Errorf("got key %q: appending to one log's fields wrote into the next", got)
	}
	if n := len(s.Logs[101].Fields); n != 0 {
		t.Errorf("got %d fields, want none", n)
	}
}

func TestSpanBytes(t *testing.T) {
	t.Parallel()
	s := &model.Span{Operation: "op"}
	empty := s.Bytes()
	s.Tags = append(s.Tags, model.String("key", "value"))
	tagged := s.Bytes()
	if tagged < empty+len("keyvalue")+48*strconv.IntSize/64 {
		t.Errorf("got %d bytes after %d, want the tag and its strings counted", tagged, empty)
	}
	s.AddLog(0, model.String("long", string(make([]byte, 1000))))
	if got := s.Bytes(); got < tagged+1000 {
		t.Errorf("got %d bytes after %d, want the log's strings counted", got, tagged)
	}
}

// TestReusedSpanIsEmpty: whatever a record held, the next user sees none of it.
// Behind the length of its slices a few elements wait to be overwritten; more are
// not kept alive.
func TestReusedSpanIsEmpty(t *testing.T) {
	t.Parallel()
	for range 50 {
		s := model.NewSpan()
		if s.Process != nil || s.TraceID.IsValid() || s.ID != 0 || s.ParentID != 0 || s.Flags != 0 || s.Operation != "" ||
			s.Start != 0 || s.Duration != 0 || len(s.References)+len(s.Tags)+len(s.Logs) != 0 {
			t.Fatalf("got %+v, want an empty record", s)
		}
		const stale = 16
		for _, tag := range s.Tags[min(stale, cap(s.Tags)):cap(s.Tags)] {
			if tag != (model.Tag{}) {
				t.Fatalf("got %+v left behind", tag)
			}
		}
		for _, log := range s.Logs[min(stale, cap(s.Logs)):cap(s.Logs)] {
			if log.Time != 0 || log.Fields != nil {
				t.Fatalf("got %+v left behind", log)
			}
		}
		s.Process, s.TraceID, s.ID, s.ParentID = &model.Process{}, model.TraceID{Low: 1}, 2, 3
		s.Flags, s.Operation, s.Start, s.Duration = 1, "op", 1, 1
		s.References = append(s.References, model.Reference{SpanID: 1})
		for i := range 20 {
			s.Tags = append(s.Tags, model.Int64("secret", int64(i)))
			s.AddLog(1, model.String("secret", "x"))
		}
		s.Release()
	}
}

func TestReleaseWaitsForTheLastHolder(t *testing.T) {
	t.Parallel()
	s := model.NewSpan()
	s.Operation = "shared"
	s.Tags = append(s.Tags, model.String("k", "v"))
	const holders = 8
	s.Share(holders - 1)
	var wg sync.WaitGroup
	for range holders {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if tag, _ := s.Tag("k"); s.Operation != "shared" || tag.Str() != "v" {
				t.Errorf("got %q %q, want the record intact until released", s.Operation, tag.Str())
			}
			s.Release()
		}()
	}
	wg.Wait()
}

func TestReleaseOfOwnRecordDoesNothing(t *testing.T) {
	t.Parallel()
	s := &model.Span{Operation: "mine", Tags: []model.Tag{model.String("k", "v")}}
	s.Release()
	s.Release()
	if s.Operation != "mine" || len(s.Tags) != 1 || s.Tags[0].Str() != "v" {
		t.Errorf("got %+v, want it untouched", s)
	}
}

func TestSpanAllocations(t *testing.T) {
	got := testing.AllocsPerRun(100, func() {
		s := model.NewSpan()
		s.Tags = append(s.Tags, model.String("k", "v"))
		s.AddLog(1, model.String("event", "e"), model.Int64("n", 1))
		s.Release()
	})
	if got > 1 && !raceEnabled {
		t.Errorf("got %v allocations for a reused record, want at most 1", got)
	}
}

// A record that was not made by NewSpan belongs to whoever made it.
func TestForeignRecordIsNeverRecycled(t *testing.T) {
	own := &model.Span{Operation: "own"}
	own.Share(1)
	own.Release()
	own.Release()
	own.Release()
	if own.Operation != "own" {
		t.Errorf("got operation %q, want the record left alone", own.Operation)
	}
}

// TestReplaceLog: the new fields take the place of the old where they fit, and
// no copy of the old ones stays behind, however often the fields had to grow.
func TestReplaceLog(t *testing.T) {
	t.Parallel()
	s := model.NewSpan()
	defer s.Release()
	const logs = 60
	old := make([][]model.Tag, logs)
	for i := range logs {
		s.AddLog(int64(i), model.Int64("i", int64(i)), model.String("old", "x"))
		old[i] = s.Logs[i].Fields
	}
	mine := []model.Tag{model.String("mine", "a"), model.String("b", "b"), model.String("c", "c")}
	for i := range logs {
		s.ReplaceLog(i, int64(-i), mine[:i%4]...)
	}
	for i, log := range s.Logs {
		if log.Time != int64(-i) || !slices.Equal(log.Fields, mine[:i%4]) {
			t.Fatalf("got log %d = %+v, want %+v", i, log, mine[:i%4])
		}
		for _, f := range old[i] {
			if f.Key == "i" || f.Key == "old" {
				t.Fatalf("got %+v left behind of log %d", f, i)
			}
		}
	}
	s.ReplaceLog(3, 1, s.Logs[3].Fields[1:]...)
	if got := s.Logs[3].Fields; !slices.Equal(got, mine[1:]) {
		t.Errorf("got %+v from a log's own fields, want %+v", got, mine[1:])
	}
	_ = append(s.Logs[4].Fields, model.String("x", "overwrites"))
	if got := s.Logs[5].Fields[0].Key; got != "mine" {
		t.Errorf("got key %q: appending to one log's fields wrote into the next", got)
	}
}

// TestReplacedLogsAreFreed watches the memory of a record whose logs were
// replaced again and again. Not parallel: it looks at the whole heap.
func TestReplacedLogsAreFreed(t *testing.T) {
	const logs, rounds, size = 50, 20, 10 << 10
	heap := func() int {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before := heap()
	s := &model.Span{}
	fields := func(n int) []model.Tag {
		tags := []model.Tag{model.String("payload", strings.Repeat("x", size))}
		for range n {
			tags = append(tags, model.Int64("n", 1))
		}
		return tags
	}
	for i := range logs {
		s.AddLog(0, fields(i%3)...)
	}
	for round := range rounds {
		for i := range logs {
			s.ReplaceLog(i, 0, fields(round)...)
		}
	}
	held := heap() - before
	if got := s.Bytes(); held > got*5/4+64<<10 || got > logs*(size+4000)*2 {
		t.Errorf("got %d bytes counted, %d held, of %d in logs", got, held, logs*size)
	}
	runtime.KeepAlive(s)
}

// TestClone: neither the copy nor the original sees what happens to the other,
// and the copy is nobody's but the caller's.
func TestClone(t *testing.T) {
	t.Parallel()
	s := model.NewSpan()
	s.Process, s.TraceID, s.ID, s.ParentID = &model.Process{}, model.TraceID{High: 1, Low: 2}, 3, 4
	s.Flags, s.Operation, s.Start, s.Duration, s.Shared, s.LocalRoot = 1, "op", 5, 6, true, true
	s.References = append(s.References, model.Reference{SpanID: 7})
	s.Tags = append(s.Tags, model.String("k", "v"))
	s.AddLog(8, model.Int64("a", 1), model.Int64("b", 2))
	s.AddLog(9)
	c := s.Clone()
	if c.Process != s.Process || c.TraceID != s.TraceID || c.ID != 3 || c.ParentID != 4 || c.Flags != 1 || c.Operation != "op" ||
		c.Start != 5 || c.Duration != 6 || !c.Shared || !c.LocalRoot || !slices.Equal(c.References, s.References) ||
		!slices.Equal(c.Tags, s.Tags) || len(c.Logs) != 2 || c.Logs[0].Time != 8 || !slices.Equal(c.Logs[0].Fields, s.Logs[0].Fields) {
		t.Errorf("got %+v\nof  %+v", c, s)
	}
	s.References[0].SpanID, s.Tags[0], s.Logs[0].Fields[0] = 0, model.Tag{}, model.Tag{}
	s.ReplaceLog(0, 0, model.Int64("x", 1))
	c.AddLog(10, model.Int64("c", 3))
	s.Release()
	if c.References[0].SpanID != 7 || c.Tags[0].Str() != "v" || c.Logs[0].Fields[0].Key != "a" || c.Logs[0].Fields[1].Int64() != 2 {
		t.Errorf("got %+v after the original was released", c)
	}
	c.Release()
	if c.Operation != "op" {
		t.Error("Release touched a copy")
	}
	if empty := (&model.Span{}).Clone(); empty.Logs != nil || empty.Tags != nil {
		t.Errorf("got %+v of an empty record", empty)
	}
}
