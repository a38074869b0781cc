// SPDX-License-Identifier: Apache-2.0

package model_test

import (
	"fmt"
	"testing"

	"github.com/jaegerkit/jaeger/model"
)

func TestWithBaggageItem(t *testing.T) {
	t.Parallel()
	type items = []model.BaggageItem
	for _, test := range []struct {
		name       string
		have       items
		key, value string
		want       string
	}{
		{"first", nil, "a", "1", "[{a 1}]"},
		{"appended", items{{"a", "1"}}, "b", "2", "[{a 1} {b 2}]"},
		{"replaced in place", items{{"a", "1"}, {"b", "2"}}, "a", "3", "[{a 3} {b 2}]"},
		{"removed", items{{"a", "1"}, {"b", "2"}}, "a", "", "[{b 2}]"},
		{"last removed", items{{"a", "1"}}, "a", "", "[]"},
		{"absent removed", items{{"a", "1"}}, "x", "", "[{a 1}]"},
		{"duplicates collapse", items{{"a", "1"}, {"b", "2"}, {"a", "3"}}, "a", "4", "[{a 4} {b 2}]"},
		{"case counts", items{{"a", "1"}}, "A", "2", "[{a 1} {A 2}]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			before := model.NewSpanContext(model.SpanContextConfig{
				TraceID: model.TraceID{Low: 1}, SpanID: 2, ParentID: 3, Flags: 3, Baggage: test.have, DebugID: "why",
			})
			had := fmt.Sprint(baggage(before))
			after := before.WithBaggageItem(test.key, test.value)
			if got := fmt.Sprint(baggage(after)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if got := fmt.Sprint(baggage(before)); got != had {
				t.Errorf("the original changed\ngot  %s\nwant %s", got, had)
			}
			if after.String() != before.String() || after.DebugID() != "why" || !after.IsRemote() {
				t.Errorf("got %v debug id %q remote %v, want all but baggage kept", after, after.DebugID(), after.IsRemote())
			}
		})
	}
}

func TestWithBaggageItemSharesSampling(t *testing.T) {
	t.Parallel()
	var root model.ContextData
	root.InitRoot(model.TraceID{Low: 1}, 1, 0, 0, model.SpanContext{}, nil)
	with := root.Context().WithBaggageItem("k", "v")
	root.Context().Sampling().Set(model.FlagSampled)
	if !with.IsSampled() {
		t.Error("a decision did not reach the context with baggage")
	}
}

func TestForeachBaggageItemStops(t *testing.T) {
	t.Parallel()
	sc := model.NewSpanContext(model.SpanContextConfig{Baggage: []model.BaggageItem{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}}})
	calls := 0
	sc.ForeachBaggageItem(func(string, string) bool { calls++; return false })
	if calls != 1 {
		t.Errorf("got %d calls, want 1", calls)
	}
	if got := sc.BaggageLen(); got != 2 {
		t.Errorf("got %d items, want 2", got)
	}
}

func baggage(sc model.SpanContext) []model.BaggageItem {
	var items []model.BaggageItem
	sc.ForeachBaggageItem(func(k, v string) bool {
		items = append(items, model.BaggageItem{Key: k, Value: v})
		return true
	})
	return items
}
