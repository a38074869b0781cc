// SPDX-License-Identifier: Apache-2.0

package model_test

import (
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/jaegerkit/jaeger/model"
)

func TestZeroContext(t *testing.T) {
	t.Parallel()
	var sc model.SpanContext
	if sc.IsValid() || sc.IsSampled() || sc.IsDebug() || sc.IsFirehose() || sc.IsRemote() {
		t.Errorf("got a property of %v, want none", sc)
	}
	if sc.TraceID().IsValid() || sc.SpanID() != 0 || sc.ParentID() != 0 || sc.Flags() != 0 {
		t.Errorf("got ids or flags in %v, want zeros", sc)
	}
	if sc.Sampling() != nil || sc.Data() != nil || sc.DebugID() != "" || sc.BaggageLen() != 0 || sc.BaggageItem("k") != "" {
		t.Error("got content in the zero context")
	}
	sc.ForeachBaggageItem(func(k, v string) bool { t.Errorf("got item %q=%q", k, v); return true })
	if got, want := sc.String(), "0000000000000000:0000000000000000:0000000000000000:0"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := sc.WithBaggageItem("k", "v").BaggageItem("k"); got != "v" {
		t.Errorf("got baggage %q, want %q", got, "v")
	}
}

func TestContextString(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		in   model.SpanContextConfig
		want string
	}{
		{"64 bits", model.SpanContextConfig{TraceID: model.TraceID{Low: 1}, SpanID: 2, ParentID: 3, Flags: 1}, "0000000000000001:0000000000000002:0000000000000003:1"},
		{"128 bits", model.SpanContextConfig{TraceID: model.TraceID{High: 10, Low: 1}, SpanID: 2}, "000000000000000a0000000000000001:0000000000000002:0000000000000000:0"},
		{"debug and firehose", model.SpanContextConfig{Flags: 11}, "0000000000000000:0000000000000000:0000000000000000:b"},
		{"two digits of flags", model.SpanContextConfig{Flags: 0xf0}, "0000000000000000:0000000000000000:0000000000000000:f0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := model.NewSpanContext(test.in).String(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestRemoteContext(t *testing.T) {
	t.Parallel()
	sc := model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{High: 1, Low: 2}, SpanID: 3, ParentID: 4,
		Flags: model.FlagDebug | model.FlagFirehose, DebugID: "why",
		Baggage: []model.BaggageItem{{Key: "k", Value: "v"}},
	})
	if !sc.IsRemote() || !sc.IsValid() || sc.IsSampled() || !sc.IsDebug() || !sc.IsFirehose() {
		t.Errorf("got remote %v valid %v sampled %v debug %v firehose %v", sc.IsRemote(), sc.IsValid(), sc.IsSampled(), sc.IsDebug(), sc.IsFirehose())
	}
	if sc.TraceID() != (model.TraceID{High: 1, Low: 2}) || sc.SpanID() != 3 || sc.ParentID() != 4 || sc.Flags() != 10 || sc.DebugID() != "why" {
		t.Errorf("got %v debug id %q", sc, sc.DebugID())
	}
	for _, test := range []struct {
		name string
		in   model.SpanContextConfig
	}{
		{"no span id", model.SpanContextConfig{TraceID: model.TraceID{Low: 1}}},
		{"no trace id", model.SpanContextConfig{SpanID: 1}},
	} {
		if model.NewSpanContext(test.in).IsValid() {
			t.Errorf("%s: got a valid context", test.name)
		}
	}
}

func TestLocalTraceSharesItsSampling(t *testing.T) {
	t.Parallel()
	remote := model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{Low: 1}, SpanID: 2, Flags: model.FlagSampled,
		Baggage: []model.BaggageItem{{Key: "k", Value: "v"}},
	})
	var root, child, other model.ContextData
	root.InitRoot(remote.TraceID(), 5, remote.SpanID(), 0, remote, nil)
	child.InitChild(6, root.Context(), nil)
	other.InitRoot(remote.TraceID(), 7, remote.SpanID(), 0, remote, nil)

	if got, want := child.Context().String(), "0000000000000001:0000000000000006:0000000000000005:0"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	child.Context().Sampling().Set(model.FlagSampled | model.FlagDebug)
	if !root.Sampled() || !root.Context().IsDebug() {
		t.Error("a decision of the child did not reach the root")
	}
	if other.Sampled() || remote.IsDebug() {
		t.Error("a decision reached another local trace or the remote context")
	}
	root.Context().Sampling().Clear(model.FlagSampled)
	if child.Sampled() {
		t.Error("clearing at the root did not reach the child")
	}
	if root.Context().IsRemote() || child.Context().IsRemote() {
		t.Error("got remote for a local context")
	}
	if got := child.Context().BaggageItem("k"); got != "v" {
		t.Errorf("got baggage %q, want %q", got, "v")
	}
}

func TestDebugIDIsNotInherited(t *testing.T) {
	t.Parallel()
	for _, baggage := range [][]model.BaggageItem{nil, {{Key: "k", Value: "v"}}} {
		parent := model.NewSpanContext(model.SpanContextConfig{DebugID: "why", Baggage: baggage})
		var root model.ContextData
		root.InitRoot(model.TraceID{Low: 1}, 1, 0, 3, parent, nil)
		if got := root.Context().DebugID(); got != "" {
			t.Errorf("got debug id %q, want none", got)
		}
		if got := root.Context().BaggageLen(); got != len(baggage) {
			t.Errorf("got %d items, want %d", got, len(baggage))
		}
	}
}

func TestSamplingFromManyGoroutines(t *testing.T) {
	t.Parallel()
	var root model.ContextData
	root.InitRoot(model.TraceID{Low: 1}, 1, 0, 0, model.SpanContext{}, nil)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var child model.ContextData
			child.InitChild(model.SpanID(i+2), root.Context(), nil)
			child.Context().Sampling().Set(model.Flags(1 << i))
			_ = child.Context().WithBaggageItem("k", strconv.Itoa(i)).String()
		}()
	}
	wg.Wait()
	if got := root.Context().Flags(); got != 255 {
		t.Errorf("got flags %08b, want all", got)
	}
}

func TestContextAllocations(t *testing.T) {
	var root, child model.ContextData
	var lineage model.Lineage
	var kept any
	buf := make([]byte, 0, 70)
	for _, test := range []struct {
		name string
		want float64
		f    func()
	}{
		{"boxing", 0, func() { kept = root.Context() }},
		{"init", 0, func() {
			root.InitRoot(model.TraceID{Low: 1}, 1, 0, 1, model.SpanContext{}, nil)
			child.InitChild(2, root.Context(), &lineage)
		}},
		{"append", 0, func() { buf = root.Context().AppendTo(buf[:0]) }},
		{"remote", 1, func() { kept = model.NewSpanContext(model.SpanContextConfig{SpanID: 1}) }},
	} {
		if got := testing.AllocsPerRun(100, test.f); got > test.want {
			t.Errorf("%s: got %v allocations, want at most %v", test.name, got, test.want)
		}
	}
	_ = kept
}

func TestTraceStateAndDeferral(t *testing.T) {
	t.Parallel()
	sc := model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{Low: 1}, SpanID: 2, TraceState: "a=1,b=2", DebugID: "d", Deferred: true,
	})
	if !sc.IsDeferred() || sc.IsSampled() || sc.TraceState() != "a=1,b=2" {
		t.Errorf("got deferred %v, sampled %v, trace state %q", sc.IsDeferred(), sc.IsSampled(), sc.TraceState())
	}
	if with := sc.WithBaggageItem("k", "v"); with.TraceState() != "a=1,b=2" || with.DebugID() != "d" || !with.IsDeferred() {
		t.Errorf("with baggage: %q, %q, %v", with.TraceState(), with.DebugID(), with.IsDeferred())
	}
	var child model.ContextData
	child.InitRoot(sc.TraceID(), 3, sc.SpanID(), model.FlagSampled, sc, nil)
	if c := child.Context(); c.TraceState() != "a=1,b=2" || c.DebugID() != "" || c.IsDeferred() {
		t.Errorf("child: %q, %q, %v", c.TraceState(), c.DebugID(), c.IsDeferred())
	}
	if (model.SpanContext{}).IsDeferred() || (model.SpanContext{}).TraceState() != "" {
		t.Error("the zero context is deferred or has a trace state")
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	var d model.ContextData
	if d.Recording() {
		t.Error("recording before Init")
	}
	d.InitRoot(model.TraceID{Low: 1}, 1, 0, 0, model.SpanContext{}, nil)
	s := d.Context().Sampling()
	if s.Undecided() || s.Settle(model.FlagSampled) || d.Recording() {
		t.Error("a decided trace was settled")
	}
	s.Postpone()
	if !s.Undecided() || !d.Recording() || d.Sampled() || d.Context().IsDeferred() {
		t.Error("want undecided, recording, not sampled, not deferred")
	}
	if !s.Settle(model.FlagSampled|model.FlagFirehose) || s.Undecided() || !d.Sampled() {
		t.Error("settling did nothing")
	}
	if s.Settle(model.FlagDebug) || d.Context().Flags() != model.FlagSampled|model.FlagFirehose {
		t.Errorf("settled twice: flags %x", d.Context().Flags())
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	var d model.ContextData
	if s := d.State(); !s.Idle() || !s.Plain() || d.LocalRoot() {
		t.Errorf("got state %x before Init", s)
	}
	d.InitRoot(model.TraceID{Low: 1}, 1, 0, 0, model.SpanContext{}, nil)
	sampling := d.Context().Sampling()
	for _, test := range []struct {
		name string
		do   func()
		want string // idle plain sampled undecided watched recording
	}{
		{"new", func() {}, "true true false false false false"},
		{"firehose alone", func() { sampling.Set(model.FlagFirehose) }, "true true false false false false"},
		{"postponed", sampling.Postpone, "false false false true false true"},
		{"watched", sampling.Watch, "false false false true true true"},
		{"watched twice", sampling.Watch, "false false false true true true"},
		{"settled", func() { sampling.Settle(model.FlagSampled) }, "false false true false true true"},
		{"cleared", func() { sampling.Clear(0xff) }, "false false false false true false"},
	} {
		test.do()
		s := d.State()
		if got := fmt.Sprint(s.Idle(), s.Plain(), s.Sampled(), s.Undecided(), s.Watched(), s.Recording()); got != test.want {
			t.Errorf("%s: got  %s\nwant %s", test.name, got, test.want)
		}
	}
	if got := d.Context().Flags(); got != 0 {
		t.Errorf("got flags %x, want the marks to be none", got)
	}
}

func TestInitSelf(t *testing.T) {
	t.Parallel()
	remote := model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{High: 1, Low: 2}, SpanID: 3, ParentID: 4, Flags: 3,
		Baggage: []model.BaggageItem{{Key: "k", Value: "v"}}, TraceState: "a=b", DebugID: "gone",
	})
	var d model.ContextData
	d.InitSelf(remote, nil)
	c := d.Context()
	if c.String() != remote.String() || c.BaggageItem("k") != "v" || c.TraceState() != "a=b" || c.DebugID() != "" || c.IsRemote() || !d.LocalRoot() {
		t.Errorf("got %v of %v", c, remote)
	}
	c.Sampling().Clear(model.FlagDebug)
	if remote.Flags() != 3 {
		t.Error("the remote context's flags changed")
	}
	var twin model.ContextData
	twin.InitSelf(c.WithBaggageItem("more", "x"), nil)
	if got := twin.Context(); got.String() != c.String() || got.Sampling() != c.Sampling() || got.BaggageLen() != 2 || twin.LocalRoot() {
		t.Errorf("got %v of %v, want its state shared", got, c)
	}
}

func TestNewRemoteContext(t *testing.T) {
	t.Parallel()
	want := model.NewSpanContext(model.SpanContextConfig{
		TraceID: model.TraceID{High: 1, Low: 2}, SpanID: 3, ParentID: 4, Flags: model.FlagSampled | model.FlagDebug,
	})
	got := model.NewRemoteContext(model.TraceID{High: 1, Low: 2}, 3, 4, model.FlagSampled|model.FlagDebug)
	if got.String() != want.String() || got.TraceID() != want.TraceID() || !got.IsRemote() || got.IsDeferred() || got.BaggageLen() != 0 {
		t.Errorf("got %v, want %v", got, want)
	}
}
