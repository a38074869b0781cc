// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"bytes"
	"encoding/hex"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/jaegerkit/jaeger/agenttest"
)

type decoder func([]byte) (*jaeger.Batch, error)

func TestDecode(t *testing.T) {
	t.Parallel()
	want := batchOf(3, "a", "b")
	tests := []struct {
		name   string
		decode decoder
		data   []byte
	}{
		{"compact call", agenttest.DecodeCompact, call(t, compact, want)},
		{"compact oneway", agenttest.DecodeCompact, message(t, compact, "emitBatch", thrift.ONEWAY, want)},
		{"strict binary call", agenttest.DecodeBinary, call(t, strict, want)},
		{"strict binary oneway", agenttest.DecodeBinary, message(t, strict, "emitBatch", thrift.ONEWAY, want)},
		{"non-strict binary call", agenttest.DecodeBinary, call(t, unstrict, want)},
		{"non-strict binary oneway", agenttest.DecodeBinary, message(t, unstrict, "emitBatch", thrift.ONEWAY, want)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.decode(test.data)
			must(t, err)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("batch\ngot  %v\nwant %v", got, want)
			}
		})
	}
}

func TestDecodeRejects(t *testing.T) {
	t.Parallel()
	good := call(t, compact, batchOf(1, "op"))
	// An emitBatch call in compact form up to the arguments, which follow.
	head := "822101" + "09" + hex.EncodeToString([]byte("emitBatch"))
	tests := []struct {
		name   string
		decode decoder
		data   []byte
		want   string // part of the error
	}{
		{"empty", agenttest.DecodeCompact, nil, "the packet is empty"},
		{"empty binary", agenttest.DecodeBinary, []byte{}, "the packet is empty"},
		{"text", agenttest.DecodeCompact, []byte("hello"), "message header"},
		{"binary to the compact port", agenttest.DecodeCompact, call(t, strict, batchOf(1)), "message header"},
		{"compact to the binary port", agenttest.DecodeBinary, good, "message header"},
		{"reply", agenttest.DecodeCompact, message(t, compact, "emitBatch", thrift.REPLY, batchOf(1)), "message type 2"},
		{"other method", agenttest.DecodeCompact, message(t, compact, "emitZipkinBatch", thrift.CALL, batchOf(1)), `method "emitZipkinBatch"`},
		{"long method", agenttest.DecodeCompact, message(t, compact, strings.Repeat("x", 200), thrift.CALL, batchOf(1)), `method "` + strings.Repeat("x", 64) + `":`},
		{"no arguments", agenttest.DecodeCompact, unhex(head + "00"), "no batch"},
		{"cut short", agenttest.DecodeCompact, good[:len(good)-3], "EOF"},
		{"trailing bytes", agenttest.DecodeCompact, append(bytes.Clone(good), 1, 2), `2 bytes left after the message, beginning with "\x01\x02"`},
		{"batch without fields", agenttest.DecodeCompact, unhex(head + "1c" + "00" + "00"), "Process"},
		{"list of 2^31-1 spans", agenttest.DecodeCompact, unhex(head + "1c" + "29" + "fc" + "ffffffff07"), "size exceeded"},
		{"list of -1 spans", agenttest.DecodeCompact, unhex(head + "1c" + "29" + "fc" + "ffffffff0f"), "negative size"},
		{"method of 2^30 bytes", agenttest.DecodeCompact, unhex("822101" + "8080808004"), "size exceeded"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b, err := test.decode(test.data)
			if b != nil || err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v, error %v\nwant an error with %q", b, err, test.want)
			}
		})
	}
}

func TestDecodeRecovers(t *testing.T) {
	t.Parallel()
	err := agenttest.DecodeOver([]byte{1}, func(thrift.TTransport, *thrift.TConfiguration) thrift.TProtocol { panic("boom") })
	if err == nil || err.Error() != "the decoder panicked: boom" {
		t.Errorf("error\ngot  %v\nwant %v", err, "the decoder panicked: boom")
	}
}

// Not parallel: it reads the process's allocation counter.
func TestDecodeMemoryIsBounded(t *testing.T) {
	head := "822101" + "09" + hex.EncodeToString([]byte("emitBatch")) + "1c"
	padding := strings.Repeat("00", 60_000)
	tests := []struct{ name, data string }{
		{"spans claimed", head + "29" + "fc" + "e0d403" + padding}, // 60,000 structs, the first one lacks fields
		{"tags claimed", head + "1c" + "1801" + "73" + "19" + "fc" + "e0d403" + padding},
		{"string claimed", head + "1c" + "18" + "e0d403" + padding[:100]},
	}
	for _, test := range tests {
		data := unhex(test.data)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := agenttest.DecodeCompact(data)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: got no error, want one", test.name)
		}
		if got, most := after.TotalAlloc-before.TotalAlloc, uint64(2<<20); got > most {
			t.Errorf("%s: got %d bytes allocated, want at most %d", test.name, got, most)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, b := range []*jaeger.Batch{batchOf(1), batchOf(2, "op"), batchOf(3, "a", "b", "c")} {
		f.Add(false, call(f, compact, b))
		f.Add(true, call(f, strict, b))
		f.Add(true, call(f, unstrict, b))
	}
	withStats := batchOf(1<<40, "")
	withStats.Stats = &jaeger.ClientStats{FullQueueDroppedSpans: 1, TooLargeDroppedSpans: 2, FailedToEmitSpans: 3}
	f.Add(false, message(f, compact, "emitBatch", thrift.ONEWAY, withStats))
	f.Add(false, []byte{0x82, 0x21, 0x01})
	f.Fuzz(func(t *testing.T, binary bool, data []byte) {
		var decode decoder = agenttest.DecodeCompact
		factory := compact
		if binary {
			decode, factory = agenttest.DecodeBinary, strict
		}
		first, err := decode(data)
		if err != nil {
			if first != nil {
				t.Errorf("got a batch with error %v", err)
			}
			return
		}
		// What was decoded must survive apache/thrift's own encoding. Bytes are compared, since a NaN is not equal to itself.
		want := call(t, factory, first)
		second, err := decode(want)
		if err != nil {
			t.Fatalf("decoding what was decoded and encoded: %v", err)
		}
		if got := call(t, factory, second); !bytes.Equal(got, want) {
			t.Errorf("second encoding\ngot  %x\nwant %x", got, want)
		}
	})
}

func FuzzDecodeBatch(f *testing.F) {
	for _, b := range []*jaeger.Batch{batchOf(1), batchOf(2, "op"), batchOf(3, "a", "b", "c")} {
		f.Add(bodyOf(f, b))
	}
	f.Add([]byte{0x0c, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := agenttest.DecodeBatch(data)
		if err != nil {
			if first != nil {
				t.Errorf("got a batch with error %v", err)
			}
			return
		}
		want := bodyOf(t, first)
		second, err := agenttest.DecodeBatch(want)
		if err != nil {
			t.Fatalf("decoding what was decoded and encoded: %v", err)
		}
		if got := bodyOf(t, second); !bytes.Equal(got, want) {
			t.Errorf("second encoding\ngot  %x\nwant %x", got, want)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	ops := make([]string, 100)
	for i := range ops {
		ops[i] = "GET /dispatch"
	}
	data := call(b, compact, batchOf(1, ops...))
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for range b.N {
		if _, err := agenttest.DecodeCompact(data); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(ops)), "ns/span")
}

func unhex(s string) []byte {
	data, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return data
}
