// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"math"
	"reflect"
	"testing"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/jaegerkit/jaeger/agenttest"
)

func TestTags(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		tag  jaeger.Tag
		want any
	}{
		{"string", jaeger.Tag{VType: jaeger.TagType_STRING, VStr: ptr("v")}, "v"},
		{"empty string", jaeger.Tag{VType: jaeger.TagType_STRING, VStr: ptr("")}, ""},
		{"long", jaeger.Tag{VType: jaeger.TagType_LONG, VLong: ptr(int64(math.MinInt64))}, int64(math.MinInt64)},
		{"double", jaeger.Tag{VType: jaeger.TagType_DOUBLE, VDouble: ptr(0.25)}, 0.25},
		{"bool", jaeger.Tag{VType: jaeger.TagType_BOOL, VBool: ptr(false)}, false},
		{"binary", jaeger.Tag{VType: jaeger.TagType_BINARY, VBinary: []byte{0}}, []byte{0}},
		{"empty binary", jaeger.Tag{VType: jaeger.TagType_BINARY, VBinary: []byte{}}, []byte{}},
		{"no value", jaeger.Tag{VType: jaeger.TagType_STRING}, nil},
		{"value of another type", jaeger.Tag{VType: jaeger.TagType_LONG, VStr: ptr("7")}, nil},
		{"binary without value", jaeger.Tag{VType: jaeger.TagType_BINARY}, nil},
		{"unknown type", jaeger.Tag{VType: 9, VStr: ptr("v")}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.tag.Key = "k"
			got := agenttest.Tags([]*jaeger.Tag{{Key: "k", VType: jaeger.TagType_STRING, VStr: ptr("earlier")}, &test.tag})
			if want := (map[string]any{"k": test.want}); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %#v\nwant %#v", got, want)
			}
		})
	}
}

func TestFindSpan(t *testing.T) {
	t.Parallel()
	spans := batchOf(1, "a", "b", "b").Spans
	if got := agenttest.FindSpan(spans, "b"); got != spans[1] {
		t.Errorf("got  %v\nwant %v", got, spans[1])
	}
	if got := agenttest.FindSpan(spans, "c"); got != nil {
		t.Errorf("got  %v\nwant nil", got)
	}
}
