// SPDX-License-Identifier: Apache-2.0

package micro

import (
	"context"
	"fmt"
	"testing"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/workload"
	"github.com/jaegerkit/jaeger/transport"
)

// What is timed as encoding is read back by apache/thrift.
func TestTheEncoderEncodes(t *testing.T) {
	spans, err := houseSpans(exported)
	if err != nil {
		t.Fatal(err)
	}
	udp, err := transport.NewUDP("127.0.0.1:9")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	for i, s := range spans {
		b, whole := udp.Encode(nil, s)
		if !whole {
			t.Fatalf("span %d of %d bytes is not whole", i, len(b))
		}
		var got jaeger.Span
		buffer := thrift.NewTMemoryBuffer()
		buffer.Write(b)
		if err := got.Read(context.Background(), thrift.NewTCompactProtocolConf(buffer, nil)); err != nil {
			t.Fatal(err)
		}
		if buffer.Len() != 0 {
			t.Errorf("span %d: %d bytes are left over", i, buffer.Len())
		}
		if got.SpanId != int64(s.ID) || got.OperationName != s.Operation || len(got.Logs) != 1 || len(got.References) != 1 {
			t.Errorf("span %d: got %v", i, &got)
		}
		for n, tag := range workload.Standard.Data().Set(i).Tags {
			// The first tags are the sampler's.
			have := got.Tags[len(got.Tags)-workload.Standard.Tags+n]
			if have.Key != tag.Key || value(have) != fmt.Sprint(tag.Value) {
				t.Errorf("span %d: got tag %v, want %v", i, have, tag)
			}
		}
	}
}

func value(t *jaeger.Tag) string {
	switch t.VType {
	case jaeger.TagType_STRING:
		return t.GetVStr()
	case jaeger.TagType_LONG:
		return fmt.Sprint(t.GetVLong())
	case jaeger.TagType_BOOL:
		return fmt.Sprint(t.GetVBool())
	case jaeger.TagType_DOUBLE:
		return fmt.Sprint(t.GetVDouble())
	}
	return "?"
}

// Both encoders are given the same work: as many spans, tags and logs.
func TestEncodersGetTheSameSpans(t *testing.T) {
	ours, err := houseSpans(exported)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := oldSpans(exported)
	if err != nil {
		t.Fatal(err)
	}
	if len(ours) != exported || len(theirs) != exported {
		t.Fatalf("got %d and %d spans, want %d of both", len(ours), len(theirs), exported)
	}
	for i := range ours {
		if got, want := len(ours[i].Tags), len(theirs[i].Tags()); got != want {
			t.Errorf("span %d: got %d tags, the old client has %d", i, got, want)
		}
		if got, want := len(ours[i].Logs), len(theirs[i].Logs()); got != want {
			t.Errorf("span %d: got %d logs, the old client has %d", i, got, want)
		}
	}
}

// Counting gives a client and how many spans it finished so far.
func Counting(t *testing.T, name string) (count func() int, client peer.Client) {
	t.Helper()
	c := peer.Config{Data: workload.Standard.Data(), Sampled: true}
	var err error
	if name == peer.House {
		k := &keeper{}
		count = func() int { return len(k.spans) }
		client, err = peer.NewHouse(c, k)
	} else {
		k := &oldKeeper{}
		count = func() int { return len(k.spans) }
		client, err = peer.NewOld(c, k)
	}
	if err != nil {
		t.Fatal(err)
	}
	return count, client
}
