// SPDX-License-Identifier: Apache-2.0

package model_test

import (
	"slices"
	"testing"

	"github.com/jaegerkit/jaeger/model"
)

// A log may be made of fields of the one whose place it takes.
func TestTakeLogOfItsOwnFields(t *testing.T) {
	s := &model.Span{}
	s.TakeLog(1, 10, 1, model.String("a", "a"), model.String("b", "b"), model.String("c", "c"))
	s.TakeLog(1, 10, 2, s.Logs[0].Fields[1:]...)
	if got, want := s.Logs[0].Fields, []model.Tag{model.String("b", "b"), model.String("c", "c")}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// What ReserveLog returns is what the log has, and what it leaves behind of a log in
// whose place it puts another is nothing.
func TestReserveLog(t *testing.T) {
	const limit, logs = 7, 60
	s := &model.Span{}
	for i := range logs {
		fields, ok := s.ReserveLog(limit, 10, int64(i), i%4)
		if !ok || len(fields) != i%4 || cap(fields) != len(fields) && len(s.Logs) < limit {
			t.Fatalf("log %d: got %d fields with room for %d, %t, want %d", i, len(fields), cap(fields), ok, i%4)
		}
		for f := range fields {
			fields[f] = model.Int64("n", int64(i))
		}
	}
	for _, log := range s.Logs {
		for i, f := range log.Fields[:cap(log.Fields)] {
			want := model.Tag{}
			if i < len(log.Fields) {
				want = model.Int64("n", log.Time)
			}
			if f != want {
				t.Errorf("log of %d: got field %d = %+v, want %+v", log.Time, i, f, want)
			}
		}
	}
	if _, ok := s.ReserveLog(limit, 5<<20, 0, 1); ok {
		t.Error("got a log of 5 MiB taken")
	}
	s.ArrangeLogs(limit)
	if got := s.Logs[3].Fields[1]; got != model.Int64("dropped_log_count", logs-limit+2) {
		t.Errorf("got %+v, want %d dropped", got, logs-limit+2)
	}
}
