// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/transport"
)

// encoder is a transport.Encoder of a plain format, the length of the operation,
// the id and the operation. It leaves spans with logs to Send and keeps books of
// what became of each span.
type encoder struct {
	sender
	// answer is asked by Send and SendEncoded with the spans they were given; nil
	// delivers all. b is nil in Send.
	answer func(ids []model.SpanID, b *transport.EncodedBatch) (int, error)

	encodedBy map[model.SpanID]*model.Process // where spans were delivered encoded
	sentBy    map[model.SpanID]*model.Process // and where as records
	delivered []model.SpanID
}

func newEncoder(t testing.TB) *encoder {
	e := &encoder{encodedBy: map[model.SpanID]*model.Process{}, sentBy: map[model.SpanID]*model.Process{}}
	e.t = t
	e.send = func(_ context.Context, b *model.Batch) (int, error) {
		var ids []model.SpanID
		for _, s := range b.Spans {
			ids = append(ids, s.ID)
		}
		return e.keep(ids, nil, e.sentBy, b.Process)
	}
	return e
}

func (*encoder) Encode(dst []byte, s *model.Span) ([]byte, bool) {
	if len(s.Logs) > 0 {
		return append(dst, "rubbish"...), false
	}
	dst = binary.BigEndian.AppendUint64(append(dst, byte(len(s.Operation))), uint64(s.ID))
	return append(dst, s.Operation...), true
}

func (e *encoder) SendEncoded(_ context.Context, b *transport.EncodedBatch) (int, error) {
	if !e.busy.CompareAndSwap(false, true) {
		e.t.Error("SendEncoded was called during a Send")
	}
	defer e.busy.Store(false)
	return e.keep(e.read(b), b, e.encodedBy, b.Process)
}

// read returns the ids in b and looks whether its bytes are whole.
func (e *encoder) read(b *transport.EncodedBatch) (ids []model.SpanID) {
	for _, c := range b.Chunks {
		from := c.From
		for _, end := range c.Ends {
			wire := c.Data[from:end]
			from = end
			id := model.SpanID(binary.BigEndian.Uint64(wire[1:]))
			if len(wire) != 9+int(wire[0]) || string(wire[9:]) != operation(id) {
				e.t.Errorf("got bytes %q of span %s", wire, id)
			}
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		e.t.Error("SendEncoded was called without spans")
	}
	return ids
}

func (e *encoder) keep(ids []model.SpanID, b *transport.EncodedBatch, by map[model.SpanID]*model.Process, p *model.Process) (n int, err error) {
	n = len(ids)
	if e.answer != nil {
		n, err = e.answer(ids, b)
	}
	for _, id := range ids[:min(max(n, 0), len(ids))] {
		e.delivered = append(e.delivered, id)
		by[id] = p
	}
	return n, err
}

// operation is a text of its own length for each id.
func operation(id model.SpanID) string { return fmt.Sprintf("%*d", id%50+1, id) }

func aheadSpan(id model.SpanID, p *model.Process) *model.Span {
	s := newSpan(id)
	s.Process, s.Operation = p, operation(id)
	return s
}

func quietly(s transport.Sender, opts ...reporter.RemoteOption) *reporter.Remote {
	return reporter.NewRemote(s, append([]reporter.RemoteOption{reporter.WithLogger(slog.New(&lines{}))}, opts...)...)
}

// TestEncodedOutcomes: of 10 spans, in order, some are lost at the first try; the
// sender may do to its batch what it likes.
func TestEncodedOutcomes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		n    int
		err  error
		lost []int // which are not delivered
		want reporter.Dropped
	}{
		{"all", 10, nil, nil, reporter.Dropped{}},
		{"all, with an error", 10, errRefused, nil, reporter.Dropped{}},
		{"too many", 11, errRefused, nil, reporter.Dropped{}},
		{"far too many", math.MaxInt, nil, nil, reporter.Dropped{}},
		{"too few", -1, tooLarge(2), []int{0, 1}, reporter.Dropped{TooLarge: 2}},
		{"far too few", math.MinInt, errRefused, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, reporter.Dropped{Transport: 10}},
		{"some", 7, errRefused, []int{7, 8, 9}, reporter.Dropped{Transport: 3}},
		{"some, without an error", 7, nil, []int{7, 8, 9}, reporter.Dropped{Transport: 3}},
		{"the first", 0, tooLarge(1), []int{0}, reporter.Dropped{TooLarge: 1}},
		{"the last", 9, encode(1), []int{9}, reporter.Dropped{Encode: 1}},
		{"in the middle", 4, &transport.Error{Spans: 3, Err: errRefused}, []int{4, 5, 6}, reporter.Dropped{Transport: 3}},
		{"wrapped", 4, fmt.Errorf("packet: %w", encode(2)), []int{4, 5}, reporter.Dropped{Encode: 2}},
		{"lost none", 4, tooLarge(0), []int{4}, reporter.Dropped{TooLarge: 1}},
		{"lost more than there are", 8, tooLarge(math.MaxInt), []int{8, 9}, reporter.Dropped{TooLarge: 2}},
		{"panic", 3, treacherous{}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, reporter.Dropped{Transport: 10}},
	} {
		for name, misuse := range map[string]func(b *transport.EncodedBatch){
			"nothing": func(*transport.EncodedBatch) {},
			"skips":   func(b *transport.EncodedBatch) { b.Skip(3) },
			"forgets": func(b *transport.EncodedBatch) { *b = transport.EncodedBatch{} },
			"garbles": func(b *transport.EncodedBatch) { clear(b.Chunks) },
		} {
			t.Run(test.name+", "+name, func(t *testing.T) {
				t.Parallel()
				e := newEncoder(t)
				tries := 0
				e.answer = func(ids []model.SpanID, b *transport.EncodedBatch) (int, error) {
					if b != nil {
						defer misuse(b)
					}
					if tries++; tries > 1 {
						return len(ids), nil
					}
					if test.name == "panic" {
						panic("boom")
					}
					return test.n, test.err
				}
				r := quietly(e, reporter.WithQueueSize(100), reporter.WithFlushInterval(time.Hour)) // one shard
				var want []model.SpanID
				for i := range 10 {
					r.Report(aheadSpan(model.SpanID(i), process))
					if !slices.Contains(test.lost, i) {
						want = append(want, model.SpanID(i))
					}
				}
				r.Close()
				settled(t, r, 10)
				if got := r.Stats().Dropped; got != test.want {
					t.Errorf("got  %+v\nwant %+v", got, test.want)
				}
				if !slices.Equal(e.delivered, want) && test.name != "panic" {
					t.Errorf("delivered\n got: %v\nwant: %v", e.delivered, want)
				}
			})
		}
	}
}

// TestEncodedSpansAreCountedOnce: many producers with spans of three processes,
// some of them records, over a sender that fails at random.
func TestEncodedSpansAreCountedOnce(t *testing.T) {
	t.Parallel()
	processes := []*model.Process{process, {ServiceName: "other"}, nil}
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 9))
		e := newEncoder(t)
		lost := map[model.SpanID]bool{}
		var want reporter.Dropped
		lose := func(ids []model.SpanID, counter *uint64) {
			*counter += uint64(len(ids))
			for _, id := range ids {
				lost[id] = true
			}
		}
		e.answer = func(ids []model.SpanID, b *transport.EncodedBatch) (int, error) {
			if b != nil && random.IntN(2) == 0 {
				b.Skip(random.IntN(len(ids)))
			}
			n := random.IntN(len(ids) + 1)
			k := min(1+random.IntN(4), len(ids)-n)
			switch random.IntN(6) {
			case 0:
				lose(ids, &want.Transport)
				panic("boom")
			case 1:
				lose(ids[n:], &want.Transport)
				return n, errRefused
			case 2:
				lose(ids[n:n+k], &want.TooLarge)
				return n, tooLarge(k)
			case 3:
				lose(ids[n:n+k], &want.Encode)
				return n, encode(k)
			}
			return len(ids), nil
		}
		r := knownOr(seed%2 == 1, e, reporter.WithFlushInterval(time.Millisecond))
		const producers, each = 4, 3000
		var producing sync.WaitGroup
		for p := range producers {
			producing.Add(1)
			go func() {
				defer producing.Done()
				for i := range each {
					id := model.SpanID(p*each + i)
					s := aheadSpan(id, processes[id%(1+id/100%3)])
					if id%37 == 0 {
						s.AddLog(1, model.Bool("b", true))
					}
					r.Report(s)
				}
			}()
		}
		producing.Wait()
		r.Close()
		settled(t, r, producers*each)
		if got := r.Stats().Dropped; got != want {
			t.Errorf("seed %d: got %+v\nwant %+v", seed, got, want)
		}
		once := map[model.SpanID]bool{}
		for _, id := range e.delivered {
			if once[id] || lost[id] {
				t.Errorf("seed %d: got span %s delivered, want once, and only if not lost", seed, id)
			}
			once[id] = true
		}
		if len(once)+len(lost) != producers*each {
			t.Errorf("seed %d: got %d delivered and %d lost, want %d together", seed, len(once), len(lost), producers*each)
		}
		for _, by := range []map[model.SpanID]*model.Process{e.encodedBy, e.sentBy} {
			if len(by) == 0 {
				t.Errorf("seed %d: got no spans one of both ways", seed)
			}
			for id, got := range by {
				if got != processes[id%(1+id/100%3)] {
					t.Errorf("seed %d: got span %s of %+v", seed, id, got)
				}
			}
		}
	}
}

// TestProcessesShareAShard: the spans of the first wait encoded, of the others as
// records; none waits for the next flush.
func TestProcessesShareAShard(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{false, true} {
		processesShareAShard(t, known)
	}
}

func processesShareAShard(t *testing.T, known bool) {
	e := newEncoder(t)
	r := knownOr(known, e, reporter.WithQueueSize(1000), reporter.WithFlushInterval(time.Hour))
	defer r.Close()
	other := &model.Process{ServiceName: "other"}
	for round, p := range [][]*model.Process{{process, other}, {other, process}, {nil, process}, {other, nil}} {
		base := model.SpanID(round * 100)
		for i := range model.SpanID(20) {
			r.Report(aheadSpan(base+i, p[i%2]))
		}
		flush(t, r)
		for i := range model.SpanID(20) {
			by, name := e.encodedBy, "encoded"
			if i%2 == 1 {
				by, name = e.sentBy, "as a record"
			}
			if got, ok := by[base+i]; !ok || got != p[i%2] {
				t.Errorf("round %d, span %d: got %+v, %t, want %+v %s", round, i, got, ok, p[i%2], name)
			}
		}
	}
}
