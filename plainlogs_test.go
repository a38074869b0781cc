// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

// logged returns the fields of what a span records of each list, and gives its record
// back to be used again.
func logged(t *testing.T, lists ...[]log.Field) (logs [][]model.Tag) {
	t.Helper()
	tracer, err := New("svc", reporter.NewDiscard())
	if err != nil {
		t.Fatal(err)
	}
	defer tracer.Close()
	span := tracer.StartSpan("op").(*Span)
	for _, fields := range lists {
		span.LogFields(fields...)
	}
	for _, l := range span.Snapshot().Logs {
		logs = append(logs, l.Fields)
	}
	span.Finish()
	return logs
}

// The record is the same whether fields are read where they lie, are marshalled because
// there is one among them that has to be, or because the layout is not known. Records
// come out of the pool, full of other fields.
func TestPlainLogsAreLikeOthers(t *testing.T) {
	var all []log.Field
	for i := range fieldSamples {
		all = append(all, fieldSamples[i].field)
	}
	odd := []log.Field{log.Error(errors.New("e")), log.Object("o", []int{1}), log.Uint64("u", math.MaxUint64), log.Noop()}
	var lists [][]log.Field
	for i := range all {
		lists = append(lists, all[i:], all[:i], slices.Insert(slices.Clone(all), i, odd[i%len(odd)]))
	}
	got := logged(t, lists...)
	known := knownFields
	defer func() { knownFields = known }()
	knownFields = fieldKinds{}
	want := logged(t, lists...)
	knownFields = known
	again := logged(t, lists...)
	for i := range lists {
		if !slices.Equal(got[i], want[i]) || !slices.Equal(again[i], want[i]) {
			t.Errorf("%v:\n     got %v\nand then %v\n    want %v", lists[i], got[i], again[i], want[i])
		}
		if len(want[i]) < len(lists[i])-1 {
			t.Errorf("got %d fields of %d", len(want[i]), len(lists[i]))
		}
	}
}
