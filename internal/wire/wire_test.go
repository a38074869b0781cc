// SPDX-License-Identifier: Apache-2.0

package wire_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
)

// someTags have each kind, and strings of each length and sort that is written its own way.
func someTags() (tags []model.Tag) {
	for _, s := range []string{
		"", "a", "ab", "abc", "http.url", "component-name", strings.Repeat("x", 31), strings.Repeat("x", 127), strings.Repeat("x", 128),
		strings.Repeat("y", 900), "Köln", strings.Repeat("ü", 100), "a\x00b\x7f", "bad \xff utf-8", "\xc3",
	} {
		tags = append(tags, model.String(s, "v"), model.String("k", s), model.Binary("k", []byte(s)), model.Bool(s, true), model.Int64(s, 7))
	}
	for _, n := range []int64{0, 1, -1, 63, -64, 64, 8191, 8192, math.MaxInt32, math.MinInt64, math.MaxInt64} {
		tags = append(tags, model.Int64("n", n))
	}
	for _, f := range []float64{0, math.Copysign(0, -1), 1.5, math.Inf(1), math.MaxFloat64, math.SmallestNonzeroFloat64} {
		tags = append(tags, model.Float64("f", f))
	}
	return append(tags, model.Bool("b", false))
}

func name(t *model.Tag) string { return fmt.Sprintf("%v %.20q=%.20q", t.Kind(), t.Key, t.Text()) }

// checkPut compares with AppendTag, whose referee is apache/thrift in package transport.
func checkPut(t testing.TB, tag *model.Tag) {
	t.Helper()
	want := wire.AppendTag(nil, tag)
	valid := utf8.ValidString(tag.Key) && (tag.Kind() == model.KindBinary || utf8.ValidString(tag.Str()))
	room := wire.MostTag + len(tag.Key) + len(tag.Str())
	for what, put := range map[string]func([]byte, int, *model.Tag) int{"PutPlain": wire.PutPlain, "PutTag": wire.PutTag} {
		for _, at := range []int{0, 3} {
			whole := bytes.Repeat([]byte{0xee}, at+room+4)
			end := put(whole[:at+room:at+room], at, tag)
			switch {
			case end < 0 && (what == "PutPlain" || !valid):
			case end < 0:
				t.Errorf("%s of %s: refused", what, name(tag))
				continue
			case !valid && what == "PutTag" || !bytes.Equal(whole[at:end], want):
				t.Errorf("%s of %s\n got: %x\nwant: %x", what, name(tag), whole[at:end], want)
			}
			if !bytes.Equal(whole[:at], []byte{0xee, 0xee, 0xee}[:at]) || !bytes.Equal(whole[at+room:], []byte{0xee, 0xee, 0xee, 0xee}) {
				t.Errorf("%s of %s wrote outside of its room", what, name(tag))
			}
		}
		for n := range room {
			if end := put(make([]byte, n), 0, tag); end > n {
				t.Errorf("%s of %s: ends at %d of %d", what, name(tag), end, n)
			}
		}
	}
}

func TestPut(t *testing.T) {
	t.Parallel()
	plain := 0
	for _, tag := range someTags() {
		checkPut(t, &tag)
		if wire.PutPlain(make([]byte, 2000), 0, &tag) >= 0 {
			plain++
		}
	}
	if plain < 40 {
		t.Errorf("%d tags are plain, want those with short ASCII strings", plain)
	}
}

func TestPutValue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		value any
		want  model.Tag
	}{
		{7, model.Int64("k", 7)},
		{int64(-8), model.Int64("k", -8)},
		{true, model.Bool("k", true)},
		{1.5, model.Float64("k", 1.5)},
	} {
		b := make([]byte, 64)
		want := wire.AppendTag(nil, &test.want)
		if end := wire.PutValue(b, 0, "k", test.value); end != len(want) || !bytes.Equal(b[:end], want) {
			t.Errorf("%T\n got: %x\nwant: %x", test.value, b[:max(end, 0)], want)
		}
	}
	for _, v := range []any{nil, "text", []byte("b"), uint8(1), struct{}{}, fmt.Errorf("x")} {
		if end := wire.PutValue(make([]byte, 64), 0, "k", v); end != -1 {
			t.Errorf("%T\n got: %d\nwant: -1", v, end)
		}
	}
}

// addLog packs a log as the tracer does.
func addLog(p *model.Packed, l *model.Log) bool {
	size := uint64(wire.LogBytes)
	for i := range l.Fields {
		size += wire.FieldBytes + uint64(len(l.Fields[i].Key)) + uint64(len(l.Fields[i].Str()))
	}
	at := wire.BeginLog(p, l.Time, len(l.Fields), size)
	if at < 0 {
		return false
	}
	for i := range l.Fields {
		if at = wire.PutTag(p.Logs, at, &l.Fields[i]); at < 0 {
			return false
		}
	}
	wire.EndLog(p, at)
	return true
}

// checkUnpack packs what can be, and expects it back.
func checkUnpack(t testing.TB, tags []model.Tag, logs []model.Log) (packed int) {
	t.Helper()
	s := model.NewSpan()
	defer s.Release()
	s.Pack()
	p := s.Packed()
	var want model.Span
	for i := range tags {
		if wire.AddTag(p, &tags[i]) {
			want.Tags = append(want.Tags, tags[i])
		}
	}
	for i := range logs {
		if addLog(p, &logs[i]) {
			want.Logs = append(want.Logs, logs[i])
		}
	}
	if p.TagCount != len(want.Tags) || p.LogCount != len(want.Logs) {
		t.Errorf("%d tags and %d logs counted, %d and %d packed", p.TagCount, p.LogCount, len(want.Tags), len(want.Logs))
	}
	packed = p.TagCount + p.LogCount
	if len(s.Tags)+len(s.Logs) > 0 {
		t.Error("a packed record has Tags or Logs")
	}
	wire.Unpack(s)
	if p.On || p.TagsEnd != 0 || p.LogCount != 0 {
		t.Errorf("still packed: %+v", p)
	}
	if len(want.Tags)+len(s.Tags) > 0 && !reflect.DeepEqual(s.Tags, want.Tags) {
		t.Errorf("tags\n got: %+v\nwant: %+v", s.Tags, want.Tags)
	}
	if len(s.Logs) != len(want.Logs) {
		t.Fatalf("got %d logs, want %d", len(s.Logs), len(want.Logs))
	}
	for i := range s.Logs {
		got, want := &s.Logs[i], &want.Logs[i]
		if got.Time != want.Time || len(got.Fields) != len(want.Fields) ||
			len(got.Fields) > 0 && !reflect.DeepEqual(got.Fields, want.Fields) {
			t.Errorf("log %d\n got: %+v\nwant: %+v", i, got, want)
		}
	}
	return packed
}

func TestUnpack(t *testing.T) {
	t.Parallel()
	tags := someTags()
	for i := range tags {
		if tags[i].Kind() == model.KindFloat64 && math.IsNaN(tags[i].Float64()) {
			t.Fatal("NaN is not equal to itself")
		}
		checkUnpack(t, tags[i:i+1], []model.Log{{Time: int64(i)*1001 - 30_000, Fields: tags[i : i+1]}})
	}
	var logs []model.Log
	for i := range 2 * model.MaxPackedLogs {
		logs = append(logs, model.Log{Time: 1_700_000_000_123_456_789 + int64(i), Fields: tags[:i]})
	}
	if n := checkUnpack(t, tags, logs); n < model.MaxPackedLogs {
		t.Errorf("%d tags and logs were packed of %d", n, len(tags)+len(logs))
	}
	if n := checkUnpack(t, nil, []model.Log{{Time: math.MinInt64}, {Time: math.MaxInt64}, {}}); n != 3 {
		t.Errorf("%d logs were packed of 3 without fields", n)
	}
}

// A record does not grow without end, and what an item needs is bounded.
func TestPackedIsBounded(t *testing.T) {
	t.Parallel()
	s := model.NewSpan()
	s.Pack()
	p := s.Packed()
	long := model.String("k", strings.Repeat("x", 5000))
	if wire.AddTag(p, &long) || addLog(p, &model.Log{Fields: []model.Tag{long}}) {
		t.Error("a tag or log of 5000 bytes was packed")
	}
	tag := model.String("k", strings.Repeat("x", 100))
	n := 0
	for wire.AddTag(p, &tag) {
		if n++; n > 100 {
			t.Fatal("100 tags of 100 bytes were packed")
		}
	}
	if got := len(p.Tags); n < 40 || got > 8<<10 || s.Bytes() < got {
		t.Errorf("%d tags were packed, in %d bytes of a record of %d", n, got, s.Bytes())
	}
	s.Release()
}

// FuzzUnpack makes tags and logs of the input. What is packed comes back as it was.
func FuzzUnpack(f *testing.F) {
	f.Add([]byte("\x00\x04name\x05value\x03\x01n12345678\x01\x01f12345678\x02\x01b1\x04\x03bin\x02xy"), uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, split uint8) {
		var tags []model.Tag
		for len(data) > 1 && len(tags) < 100 {
			kind := model.Kind(data[0] % 5)
			text := func() string {
				n := min(int(data[0]), len(data)-1)
				s := string(data[1 : 1+n])
				if data = data[1+n:]; len(data) == 0 {
					data = []byte{0}
				}
				return s
			}
			data = data[1:]
			key := text()
			switch kind {
			case model.KindString:
				tags = append(tags, model.String(key, text()))
			case model.KindBinary:
				tags = append(tags, model.Binary(key, []byte(text())))
			case model.KindBool:
				tags = append(tags, model.Bool(key, data[0]&1 != 0))
			default:
				var b [8]byte
				data = data[copy(b[:], data[:len(data)-1]):]
				n := binary.LittleEndian.Uint64(b[:])
				if kind == model.KindInt64 {
					tags = append(tags, model.Int64(key, int64(n)))
				} else if f := math.Float64frombits(n); f == f {
					tags = append(tags, model.Float64(key, f))
				}
			}
			if len(tags) > 0 {
				checkPut(t, &tags[len(tags)-1])
			}
		}
		n := min(int(split), len(tags))
		var logs []model.Log
		for i, rest := 0, tags[n:]; len(rest) > 0; i++ {
			k := min(len(rest), 1+i%4)
			logs = append(logs, model.Log{Time: int64(i) * int64(split) * 1_234_567, Fields: rest[:k]})
			rest = rest[k:]
		}
		checkUnpack(t, tags[:n], logs)
	})
}
