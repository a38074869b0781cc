// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"bytes"
	"fmt"
	"net"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/transport"
)

// overUDP returns a transport to a socket that nobody reads.
func overUDP(t testing.TB) *transport.UDP {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	udp, err := transport.NewUDP(c.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { udp.Close() })
	return udp
}

// packingTracer returns a tracer over udp, one of a kind whose times and ids are the same.
func packingTracer(t testing.TB, udp *transport.UDP, opts ...Option) *Tracer {
	t.Helper()
	ids, now := uint64(0), time.Unix(1_700_000_000, 123_456_789)
	tracer, err := New("svc", reporter.NewRemote(udp), append([]Option{
		WithIDs(func() uint64 { ids++; return ids * golden }),
		WithClock(func() time.Time { now = now.Add(1_234_567); return now }),
		WithMaxLogsPerSpan(12),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tracer.Close() })
	return tracer
}

func TestWhoPacks(t *testing.T) {
	type embedding struct{ *transport.UDP }
	for _, test := range []struct {
		name string
		rep  reporter.Reporter
		opts []Option
		want bool
	}{
		{"remote over UDP", reporter.NewRemote(overUDP(t)), nil, true},
		{"with an observer", reporter.NewRemote(overUDP(t)), []Option{WithObserver(refusing{})}, false},
		{"over what embeds it", reporter.NewRemote(embedding{overUDP(t)}), nil, false},
		{"behind another reporter", reporter.NewMulti(reporter.NewRemote(overUDP(t))), nil, false},
		{"in memory", reporter.NewMemory(), nil, false},
	} {
		tracer, err := New("svc", test.rep, test.opts...)
		if err != nil {
			t.Fatal(err)
		}
		if tracer.packs != test.want {
			t.Errorf("%s: got %v", test.name, tracer.packs)
		}
		s := tracer.StartSpan("op").(*Span)
		if got := s.record.Packed().On; got != test.want {
			t.Errorf("%s: a span's record is packed: %v", test.name, got)
		}
		s.Finish()
		tracer.Close()
	}
}

type refusing struct{}

func (refusing) OnStartSpan(*Span, string, opentracing.StartSpanOptions) (SpanObserver, bool) {
	return nil, false
}

// checkPacked does the same to a span that is packed and to one that is not.
func checkPacked(t testing.TB, udp *transport.UDP, data []byte) (packed bool) {
	t.Helper()
	var o opentracing.FinishOptions
	if len(data) > 0 && data[0]%5 == 0 {
		o.LogRecords = []opentracing.LogRecord{{Timestamp: time.Unix(1, 2), Fields: []log.Field{log.String("k", "v")}}}
	}
	var records, snapshots [2][]*model.Span
	var bytesOf [2][]byte
	debug := model.NewSpanContext(model.SpanContextConfig{DebugID: "debug"})
	for i, plain := range []bool{false, true} {
		tracer := packingTracer(t, udp, WithSampler(&alternating{}))
		tracer.packs = !plain
		for n := range 2 { // the second in the first one's memory
			root := tracer.StartSpan("root", opentracing.Tag{Key: "at", Value: "start"}).(*Span)
			child := tracer.StartSpan("child", opentracing.ChildOf(root.Context())).(*Span)
			forced := tracer.StartSpan("forced", opentracing.ChildOf(debug)).(*Span)
			for _, s := range []*Span{child, root, forced} {
				snapshots[i] = append(snapshots[i], play(s, data)...)
				r := s.end(time.Time{}, &o)
				if r == nil { // sampling.priority said so
					records[i] = append(records[i], &model.Span{})
					continue
				}
				packed = packed || !plain && r.Packed().On
				b, ok := udp.Encode(nil, r)
				bytesOf[i] = append(append(bytesOf[i], b...), fmt.Sprint(ok)...)
				wire.Unpack(r)
				if n == 1 {
					records[i] = append(records[i], r.Clone())
				}
				r.Release()
			}
		}
	}
	if !bytes.Equal(bytesOf[0], bytesOf[1]) {
		t.Errorf("sent packed: %q\nsent plain:  %q", bytesOf[0], bytesOf[1])
	}
	for what, both := range map[string][2][]*model.Span{"record": records, "snapshot": snapshots} {
		if len(both[0]) != len(both[1]) {
			t.Fatalf("%d and %d of each %s", len(both[0]), len(both[1]), what)
		}
		for i := range both[0] {
			got, want := both[0][i], both[1][i]
			if got.Operation != want.Operation || got.Start != want.Start || got.Duration != want.Duration || got.Flags != want.Flags ||
				got.LocalRoot != want.LocalRoot || got.ParentID != want.ParentID ||
				!alike(got.Tags, want.Tags) || len(got.Logs) != len(want.Logs) || !reflect.DeepEqual(got.References, want.References) {
				t.Fatalf("%s %d\n got: %+v\nwant: %+v", what, i, got, want)
			}
			for j := range got.Logs {
				if got.Logs[j].Time != want.Logs[j].Time || !alike(got.Logs[j].Fields, want.Logs[j].Fields) {
					t.Fatalf("%s %d, log %d\n got: %+v\nwant: %+v", what, i, j, got.Logs[j], want.Logs[j])
				}
			}
		}
	}
	return packed
}

func alike(a, b []model.Tag) bool { return len(a)+len(b) == 0 || reflect.DeepEqual(a, b) }

// each joins what f returns for 0 to n-1, behind something that is not zero.
func each(n int, f func(i int) string) []byte {
	data := "\x01\x02\x03"
	for i := range n {
		data += f(i)
	}
	return []byte(data)
}

func TestPackedSpansAreLikeOthers(t *testing.T) {
	udp := overUDP(t)
	for _, test := range []struct {
		name   string
		data   []byte
		packed bool
	}{
		{"nothing", nil, true},
		{"a tag of each type", each(16, func(i int) string {
			return "\x00\x02" + string(rune(i)) + map[bool]string{true: "\x03"}[i < 3 || i == 11 || i == 12]
		}), true},
		{"long and foreign text", each(9, func(i int) string { return "\x00\x02\x00" + string(rune(i)) }), true},
		{"text that is not UTF-8", []byte("\x01\x02\x00\x09"), false},
		{"bulk logs", []byte("\x05\x00"), false},
		{"some logs", []byte("\x1c\x00\x01\x02\x02\x03\x34\x00\x01\x02\x02\x03\x03\x04\x04\x05"), true},
		{"more logs than fit", []byte("\x76\x76"), false},
		{"a thousand tags", []byte("\xf9\x00\x01\x02"), false},
		{"snapshot", []byte("\x00\x01\x00\x02\x8f\x00\x01\x00\x02\x8f"), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := checkPacked(t, udp, test.data); got != test.packed {
				t.Errorf("packed to the end: %v, want %v", got, test.packed)
			}
		})
	}
}

// FuzzPacked: what is packed is sent, and read back, like what is not.
func FuzzPacked(f *testing.F) {
	udp := overUDP(f)
	f.Add([]byte("\x00\x02\x00\x03\x1c\x00\x01\x02\x8f\x06\x01\x00\x02\x01\x07\x76"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 300 {
			checkPacked(t, udp, data)
		}
	})
}

// One span from many goroutines, with all that unpacks in between; the race detector
// watches. Each tag and log that was set before Finish arrives.
func TestPackedSpanFromManyGoroutines(t *testing.T) {
	tracer := packingTracer(t, overUDP(t), WithClock(time.Now))
	for range 200 {
		s := tracer.StartSpan("op").(*Span)
		var wg sync.WaitGroup
		for g := range 4 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for i := range 4 {
					s.SetTag("goroutine", g)
					s.LogFields(log.Int("i", i))
					if g == 3 && i == 2 {
						s.Snapshot()
					}
				}
			}()
		}
		wg.Wait()
		r := s.Snapshot()
		if tags, logs := len(r.Tags), len(r.Logs); tags != 2+16 || logs != 12 {
			t.Fatalf("got %d tags and %d logs, want 18 and the 12 that are kept", tags, logs)
		}
		go s.SetTag("late", 1)
		s.Finish()
	}
}

func BenchmarkPackedSpan(b *testing.B) {
	for _, packs := range []bool{true, false} {
		b.Run(fmt.Sprint(packs), func(b *testing.B) {
			tracer, err := New("svc", reporter.NewRemote(overUDP(b)))
			if err != nil {
				b.Fatal(err)
			}
			defer tracer.Close()
			tracer.packs = packs
			b.ReportAllocs()
			for range b.N {
				s := tracer.StartSpan("GET /cart").(*Span)
				s.SetTag("http.method", "GET").SetTag("http.url", "/cart/4711").SetTag("http.status_code", 200)
				s.LogFields(log.String("event", "rendered"), log.Int("items", 3))
				s.Finish()
			}
		})
	}
}
