// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

// verdict writes a decision as a test wants it.
func verdict(d sampler.Decision) string {
	if d.Later != nil {
		return "later"
	}
	if !d.Sample {
		return "no"
	}
	text := "yes"
	if d.Firehose {
		text += " firehose"
	}
	for i := range d.Tags.List() {
		text += " " + d.Tags.List()[i].Text()
	}
	return text
}

func tagged(tag model.Tag) sampler.Event {
	return sampler.Event{Kind: sampler.Tagged, TraceID: model.TraceID{Low: 7}, SpanID: 8, Operation: "op", Tag: tag}
}

func TestTagMatching(t *testing.T) {
	t.Parallel()
	type level int8
	type name string
	for _, test := range []struct {
		name  string
		value any
		tag   model.Tag
		want  string
	}{
		{"string", "acme", model.String("k", "acme"), "yes TagMatchingSampler k=acme"},
		{"another string", "acme", model.String("k", "acme2"), "later"},
		{"another key", "acme", model.String("K", "acme"), "later"},
		{"empty string", "", model.String("k", ""), "yes TagMatchingSampler k="},
		{"type of a string", name("acme"), model.String("k", "acme"), "yes TagMatchingSampler k=acme"},
		{"true", true, model.Bool("k", true), "yes TagMatchingSampler k=true"},
		{"false", false, model.Bool("k", false), "yes TagMatchingSampler k=false"},
		{"false is not true", true, model.Bool("k", false), "later"},
		{"true is not 1", 1, model.Bool("k", true), "later"},
		{"true is not a text", "true", model.Bool("k", true), "later"},
		{"number is not a text", "42", model.Int64("k", 42), "later"},
		{"text is not a number", 42, model.String("k", "42"), "later"},
		{"int", 42, model.Int64("k", 42), "yes TagMatchingSampler k=42"},
		{"type of an int", level(-3), model.Int64("k", -3), "yes TagMatchingSampler k=-3"},
		{"int by a float", 42, model.Float64("k", 42), "yes TagMatchingSampler k=42"},
		{"float by an int", 42.0, model.Int64("k", 42), "yes TagMatchingSampler k=42"},
		{"float", 0.5, model.Float64("k", 0.5), "yes TagMatchingSampler k=0.5"},
		{"float32", float32(0.5), model.Float64("k", 0.5), "yes TagMatchingSampler k=0.5"},
		{"fraction", 42, model.Float64("k", 42.5), "later"},
		{"minus zero", 0, model.Float64("k", math.Copysign(0, -1)), "yes TagMatchingSampler k=0"},
		{"infinity", math.Inf(1), model.Float64("k", math.Inf(1)), "yes TagMatchingSampler k=+Inf"},
		{"other infinity", math.Inf(1), model.Float64("k", math.Inf(-1)), "later"},
		{"NaN", math.Inf(1), model.Float64("k", math.NaN()), "later"},
		{"least int", int64(math.MinInt64), model.Float64("k", -1<<63), "yes TagMatchingSampler k=-9223372036854775808"},
		{"beyond int64", int64(math.MinInt64), model.Float64("k", 1<<63), "later"},
		{"beyond a float's digits", int64(1<<53 + 1), model.Float64("k", 1<<53), "later"},
		{"uint64", uint64(math.MaxUint64), model.Any("k", uint64(math.MaxUint64), 100), "yes TagMatchingSampler k=18446744073709551615"},
		{"bytes of no text", "", model.Binary("k", nil), "later"},
		{"bytes of a text", "ab", model.Binary("k", []byte("ab")), "later"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := must(sampler.NewTagMatching("k", sampler.TagMatch{Value: test.value}))
			d := s.Sample(model.TraceID{Low: 7}, "op")
			if got := verdict(d); got != "later" {
				t.Fatalf("got %s at the start, want later", got)
			}
			if got := verdict(d.Later.Ask(tagged(test.tag))); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestTagMatchingEvents(t *testing.T) {
	t.Parallel()
	s := must(sampler.NewTagMatching("k", sampler.TagMatch{Value: "a"}, sampler.TagMatch{Value: "b", Firehose: true},
		sampler.TagMatch{Value: "c", Firehose: true}, sampler.TagMatch{Value: "c"}))
	for _, test := range []struct {
		name string
		kind sampler.EventKind
		root bool
		tag  string
		want string
	}{
		{"a child's tag", sampler.Tagged, false, "a", "yes TagMatchingSampler k=a"},
		{"a root's tag", sampler.Tagged, true, "a", "yes TagMatchingSampler k=a"},
		{"firehose", sampler.Tagged, true, "b", "yes firehose TagMatchingSampler k=b"},
		{"the later of two", sampler.Tagged, true, "c", "yes TagMatchingSampler k=c"},
		{"started", sampler.Started, false, "a", "later"},
		{"named", sampler.Named, true, "a", "later"},
		{"finished", sampler.Finished, false, "a", "later"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := sampler.Event{Kind: test.kind, LocalRoot: test.root, Tag: model.String("k", test.tag)}
			if got := verdict(s.Ask(e)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	if got, want := s.String(), `tagmatching("k", 3 values)`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var none sampler.TagMatching
	if got := verdict(none.Sample(model.TraceID{}, "")); got != "no" {
		t.Errorf("got %s of the zero sampler, want no", got)
	}
}

func TestTagMatchingSamplers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		answers string
		want    string
	}{
		{"yes", "y", "yes firehose TagMatchingSampler k=a"},
		{"no is final", "n", "no"},
		{"yes later", "..y", "later later yes firehose TagMatchingSampler k=a"},
		{"no later", ".n", "later no"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := must(sampler.NewTagMatching("k", sampler.TagMatch{Value: "a", Firehose: true, Sampler: &scripted{script: test.answers}}))
			var got []string
			for late := sampler.Late(s); late != nil; {
				d := late.Ask(tagged(model.String("k", "a")))
				got = append(got, verdict(d))
				late = d.Later
			}
			if got := strings.Join(got, " "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestTagMatchingFirehoseOfItsSampler(t *testing.T) {
	t.Parallel()
	s := must(sampler.NewTagMatching("k", sampler.TagMatch{Value: "a", Sampler: &scripted{script: "f"}}))
	if got, want := verdict(s.Ask(tagged(model.String("k", "a")))), "yes firehose TagMatchingSampler k=a"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTagMatchingErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, key string
		matches   []sampler.TagMatch
		want      string
	}{
		{"no key", "", []sampler.TagMatch{{Value: 1}}, "tag matching sampler: key is empty"},
		{"no values", "k", nil, `tag matching sampler: key "k": no values: want one or more`},
		{"no value", "k", []sampler.TagMatch{{Value: 1}, {}}, `tag matching sampler: key "k": match 2: no value: want a string, bool or number`},
		{"NaN", "k", []sampler.TagMatch{{Value: math.NaN()}}, `tag matching sampler: key "k": match 1: value NaN equals nothing`},
		{"list", "k", []sampler.TagMatch{{Value: []int{1}}}, `tag matching sampler: key "k": match 1: value "[1]" of type []int: want a string, bool or number`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := sampler.NewTagMatching(test.key, test.matches...); err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestTagMatchingCloses(t *testing.T) {
	t.Parallel()
	a, b := &scripted{script: "y"}, &scripted{script: "y", err: errors.New("b will not")}
	s := must(sampler.NewTagMatching("k", sampler.TagMatch{Value: 1, Sampler: a}, sampler.TagMatch{Value: 1, Sampler: b},
		sampler.TagMatch{Value: 2, Sampler: sampler.NewConst(true)}, sampler.TagMatch{Value: 3}))
	if err := s.Close(); fmt.Sprint(err) != "b will not" {
		t.Errorf("got %v, want b will not", err)
	}
	if a.closed != 1 || b.closed != 1 {
		t.Errorf("got %d and %d closed, want 1 and 1", a.closed, b.closed)
	}
}

func TestTagMatchingAllocatesNothing(t *testing.T) {
	s := must(sampler.NewTagMatching("k", sampler.TagMatch{Value: "a"}, sampler.TagMatch{Value: 2, Sampler: sampler.NewConst(true)}))
	for _, test := range []struct {
		name string
		ask  func() sampler.Decision
	}{
		{"start", func() sampler.Decision { return sampler.Sampler(s).Sample(model.TraceID{Low: 7}, "op") }},
		{"other tag", func() sampler.Decision { return s.Ask(tagged(model.String("other", "a"))) }},
		{"other value", func() sampler.Decision { return s.Ask(tagged(model.String("k", "b"))) }},
		{"match", func() sampler.Decision { return s.Ask(tagged(model.String("k", "a"))) }},
		{"match with a sampler", func() sampler.Decision { return s.Ask(tagged(model.Float64("k", 2))) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := testing.AllocsPerRun(100, func() { test.ask() }); got != 0 {
				t.Errorf("got %v allocations, want 0", got)
			}
		})
	}
}

func BenchmarkTagMatching(b *testing.B) {
	s := must(sampler.NewTagMatching("k", sampler.TagMatch{Value: "a"}))
	for _, tag := range []model.Tag{model.String("other", "a"), model.String("k", "b"), model.String("k", "a")} {
		b.Run(tag.Key+"="+tag.Text(), func(b *testing.B) {
			b.ReportAllocs()
			e := tagged(tag)
			for range b.N {
				s.Ask(e)
			}
		})
	}
}
