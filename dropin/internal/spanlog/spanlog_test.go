// SPDX-License-Identifier: Apache-2.0

package spanlog_test

import (
	"errors"
	"testing"

	"github.com/opentracing/opentracing-go/log"

	"github.com/uber/jaeger-client-go/internal/spanlog"
)

func TestMaterializeWithJSON(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		fields []log.Field
		want   string
	}{
		{"nothing", nil, "{}"},
		{"only an event", []log.Field{log.String("event", "retry")}, "retry"},
		{"not an event", []log.Field{log.String("message", "retry")}, `{"message":"retry"}`},
		{"event and more", []log.Field{log.String("event", "e"), log.Bool("ok", true)}, `{"event":"e","ok":"true"}`},
		{"later counts", []log.Field{log.Int("k", 1), log.Int("k", 2)}, `{"k":"2"}`},
		{"numbers", []log.Field{
			log.Int("a", -1), log.Int32("b", 2), log.Int64("c", 3), log.Uint32("d", 4), log.Uint64("e", 5),
			log.Float32("f", 0.5), log.Float64("g", 1.5),
		}, `{"a":"-1","b":"2","c":"3","d":"4","e":"5","f":"0.500000","g":"1.500000"}`},
		{"objects", []log.Field{log.Error(errors.New("broken")), log.Object("o", struct{ A int }{1})}, `{"error.object":"broken","o":"{A:1}"}`},
		{"lazy", []log.Field{log.Lazy(func(e log.Encoder) { e.EmitString("k", "v") })}, `{"k":"v"}`},
		{"lazy nil", []log.Field{log.Lazy(nil)}, `{}`},
		{"lazy panic", []log.Field{log.Lazy(func(log.Encoder) { panic("boom") })}, `{"":"!(panic: boom)"}`},
	} {
		got, err := spanlog.MaterializeWithJSON(test.fields)
		if err != nil || string(got) != test.want {
			t.Errorf("%s:\ngot  %s %v\nwant %s", test.name, got, err, test.want)
		}
	}
}
