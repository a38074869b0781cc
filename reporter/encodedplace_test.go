// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/transport"
)

// knownOr is quietly, with an encoder that may be called under a lock if known.
func knownOr(known bool, s transport.Sender, opts ...reporter.RemoteOption) *reporter.Remote {
	r := quietly(s, opts...)
	if known {
		r.Know()
	}
	return r
}

// TestEncodeBesideALockedShard: one goroutine is inside of Encode, with the lock of
// the only shard; the other does not wait to encode, and both spans arrive.
func TestEncodeBesideALockedShard(t *testing.T) {
	t.Parallel()
	inside, others := make(chan struct{}), make(chan struct{})
	w := &wires{encode: func(dst []byte, s *model.Span) ([]byte, bool) {
		if s.ID == 1 {
			close(inside)
			<-others
		} else {
			close(others)
		}
		return append(dst, byte(s.ID)), true
	}}
	w.t = t
	var got []byte
	w.sendEncoded = func(b *transport.EncodedBatch) (int, error) {
		for _, c := range b.Chunks {
			got = append(got, c.Data[c.From:]...)
		}
		return b.Len(), nil
	}
	r := knownOr(true, w, reporter.WithQueueSize(100), reporter.WithFlushInterval(time.Hour)) // one shard
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Report(&model.Span{Process: process, ID: 1})
	}()
	<-inside
	r.Report(&model.Span{Process: process, ID: 2})
	<-done
	r.Close()
	if string(got) != "\x01\x02" {
		t.Errorf("got spans %q, want 1 and 2", got)
	}
	settled(t, r, 2)
}

// TestFullQueueEncodesNothing: a service that makes more spans than the network
// takes does not pay for encoding them, nor does one that has shut down.
func TestFullQueueEncodesNothing(t *testing.T) {
	t.Parallel()
	calls := 0
	w := &wires{encode: func(dst []byte, s *model.Span) ([]byte, bool) {
		calls++
		return append(dst, "span"...), true
	}}
	w.t = t
	entered, release := make(chan struct{}, 99), make(chan struct{})
	w.sendEncoded = func(b *transport.EncodedBatch) (int, error) {
		entered <- struct{}{}
		<-release
		return b.Len(), nil
	}
	r := knownOr(true, w, reporter.WithQueueSize(10), reporter.WithFlushInterval(time.Millisecond))
	r.Report(&model.Span{Process: process})
	<-entered
	for range 15 {
		r.Report(&model.Span{Process: process})
	}
	close(release)
	r.Close()
	r.Report(&model.Span{Process: process})
	if calls != 11 {
		t.Errorf("got %d spans encoded, want 11", calls)
	}
	if got, want := r.Stats().Dropped, (reporter.Dropped{QueueFull: 5, Closed: 1}); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	settled(t, r, 17)
}

// TestRecordsAreTriedOnce: a span that is too large to be encoded ahead, and one
// whose Encode panics, is not tried again outside of the lock; one of another
// process than those that wait is not tried at all.
func TestRecordsAreTriedOnce(t *testing.T) {
	t.Parallel()
	calls := 0
	w := &wires{encode: func(dst []byte, s *model.Span) ([]byte, bool) {
		calls++
		if s.ID == 3 {
			panic("in Encode")
		}
		return append(dst, "span"...), s.ID == 1
	}}
	w.t = t
	r := knownOr(true, w, reporter.WithQueueSize(100), reporter.WithFlushInterval(time.Hour)) // one shard
	for id := range model.SpanID(3) {
		r.Report(&model.Span{Process: process, ID: id + 1})
	}
	r.Report(&model.Span{Process: &model.Process{ServiceName: "other"}, ID: 4})
	r.Close()
	if calls != 3 || len(w.ids()) != 3 {
		t.Errorf("got %d calls of Encode and records %v, want 3 calls, and 2, 3 and 4 as records", calls, w.ids())
	}
	settled(t, r, 4)
}

// TestEncodeFailsBehindOthers: what waits encoded stays whole, whatever Encode does to
// the slice it was given, and the shard is not left locked.
func TestEncodeFailsBehindOthers(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func([]byte) ([]byte, bool){
		"panics":        func([]byte) ([]byte, bool) { panic("in Encode") },
		"refuses":       func(dst []byte) ([]byte, bool) { return append(dst, "part"...), false },
		"gives nothing": func([]byte) ([]byte, bool) { return nil, false },
		"gives little":  func([]byte) ([]byte, bool) { return make([]byte, 0, 1), false },
	} {
		w := &wires{encode: func(dst []byte, s *model.Span) ([]byte, bool) {
			if s.ID%2 == 1 {
				return append(dst, "span"...), true
			}
			return fail(dst)
		}}
		w.t = t
		var sent []byte
		w.sendEncoded = func(b *transport.EncodedBatch) (int, error) {
			for _, c := range b.Chunks {
				sent = append(sent, c.Data[c.From:]...)
			}
			return b.Len(), nil
		}
		r := knownOr(true, w, reporter.WithQueueSize(100), reporter.WithFlushInterval(time.Hour)) // one shard
		for id := range model.SpanID(5) {
			r.Report(&model.Span{Process: process, ID: id + 1})
		}
		r.Close()
		if string(sent) != "spanspanspan" || len(w.ids()) != 2 {
			t.Errorf("%s: got %q and records %v, want three spans encoded, and 2 and 4 as records", name, sent, w.ids())
		}
		settled(t, r, 5)
	}
}

// TestFullShardMakesRoomOnce: where the last span that fits leaves less room than the
// next one takes, that one is dropped for the price of encoding it, since what was
// allocated for it is there for the one after. Whether that is so depends on how the
// buffer grew, so there are many limits.
func TestFullShardMakesRoomOnce(t *testing.T) {
	large := make([]byte, 3000)
	for limit := 20_000; limit < 120_000; limit += 1700 {
		release := make(chan struct{})
		w := &wires{encode: func(dst []byte, s *model.Span) ([]byte, bool) { return append(dst, large...), true }}
		w.t = t
		w.sendEncoded = func(b *transport.EncodedBatch) (int, error) {
			<-release
			return b.Len(), nil
		}
		r := knownOr(true, w, reporter.WithQueueBytes(limit), reporter.WithFlushInterval(time.Hour))
		span := &model.Span{Process: process, ID: 1}
		spans := uint64(0)
		for ; r.Stats().Dropped.QueueFull < 100; spans++ {
			r.Report(span)
		}
		if got := testing.AllocsPerRun(100, func() { r.Report(span) }); got > 0 {
			t.Errorf("limit %d: a span that is dropped costs %v allocations", limit, got)
		}
		close(release)
		r.Close()
		settled(t, r, spans+101)
	}
}
