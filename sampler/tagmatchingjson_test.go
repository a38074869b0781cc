// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

func TestTagMatchingJSON(t *testing.T) {
	t.Parallel()
	const all = `{"key": "k", "matchers": [{"value": "a"}, {"value": "b", "firehose": true}, {"value": 42, "firehose": null},
		{"value": 1.5}, {"value": true}, {"value": 9007199254740993}, {"value": 18446744073709551615}, {"value": "old"}],
		"values": {"old": {"firehose": true}, "older": {"value": "unused"}}}`
	for _, test := range []struct {
		name, text string
		tag        model.Tag
		want       string
	}{
		{"string", all, model.String("k", "a"), "yes TagMatchingSampler k=a"},
		{"firehose", all, model.String("k", "b"), "yes firehose TagMatchingSampler k=b"},
		{"int", all, model.Int64("k", 42), "yes TagMatchingSampler k=42"},
		{"int by a float", all, model.Float64("k", 42), "yes TagMatchingSampler k=42"},
		{"float", all, model.Float64("k", 1.5), "yes TagMatchingSampler k=1.5"},
		{"bool", all, model.Bool("k", true), "yes TagMatchingSampler k=true"},
		{"exact", all, model.Int64("k", 9007199254740993), "yes TagMatchingSampler k=9007199254740993"},
		{"not quite", all, model.Int64("k", 9007199254740992), "later"},
		{"uint64", all, model.Any("k", uint64(math.MaxUint64), 100), "yes TagMatchingSampler k=18446744073709551615"},
		{"values over matchers", all, model.String("k", "old"), "yes firehose TagMatchingSampler k=old"},
		{"values", all, model.String("k", "older"), "yes TagMatchingSampler k=older"},
		{"value of values", all, model.String("k", "unused"), "later"},
		{"exponent", `{"key":"k","matchers":[{"value":42e0}]}`, model.Int64("k", 42), "yes TagMatchingSampler k=42"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := sampler.NewTagMatchingJSON([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := verdict(s.Ask(tagged(test.tag))); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestTagMatchingJSONErrors(t *testing.T) {
	t.Parallel()
	const want = ": want a string, bool or number"
	for _, test := range []struct{ name, text, want string }{
		{"nothing", ``, `tag matching strategy "": EOF`},
		{"cut", `{"key`, `tag matching strategy "{\"key": unexpected EOF`},
		{"null", `null`, `tag matching strategy "null": tag matching sampler: key is empty`},
		{"no key", `{"matchers":[{"value":1}]}`, `tag matching strategy "{\"matchers\":[{\"value\":1}]}": tag matching sampler: key is empty`},
		{"no values", `{"key":"k"}`, `tag matching strategy "{\"key\":\"k\"}": tag matching sampler: key "k": no values: want one or more`},
		{"misspelt", `{"key":"k","matches":[]}`, `tag matching strategy "{\"key\":\"k\",\"matches\":[]}": json: unknown field "matches"`},
		{"null value", `{"key":"k","matchers":[{"value":null}]}`,
			`tag matching strategy "{\"key\":\"k\",\"matchers\":[{\"value\":null}]}": tag matching sampler: key "k": match 1: no value` + want},
		{"list", `{"key":"k","matchers":[{"value":[1]}]}`,
			`tag matching strategy "{\"key\":\"k\",\"matchers\":[{\"value\":[1]}]}": tag matching sampler: key "k": match 1: value "[1]" of type []interface {}` + want},
		{"huge number", `{"key":"k","matchers":[{"value":1},{"value":1e999}]}`,
			`tag matching strategy "{\"key\":\"k\",\"matchers\":[{\"value\":1},{\"value\":1e999}]}": matcher 2: value 1e999: want a smaller number`},
		{"more", `{"key":"k","values":{"a":{}}} {}`, `tag matching strategy "{\"key\":\"k\",\"values\":{\"a\":{}}} {}": more text after the strategy`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := sampler.NewTagMatchingJSON([]byte(test.text)); err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
	long := `{"key":"` + strings.Repeat("k", 1<<20) + `"}`
	if _, err := sampler.NewTagMatchingJSON([]byte(long)); err == nil || len(err.Error()) > 400 || !strings.HasSuffix(err.Error(), "want 1048576 or less") {
		t.Errorf("got %.500v, want a short error with the limit", err)
	}
}

// FuzzTagMatchingJSON: what is accepted keeps a trace for every value listed,
// and with the firehose flag if the last one listed wants it.
func FuzzTagMatchingJSON(f *testing.F) {
	f.Add([]byte(`{"key":"tenant","matchers":[{"value":"acme","firehose":true},{"value":42},{"value":4.5},{"value":true}]}`))
	f.Add([]byte(`{"key":"k","values":{"a":{"firehose":false},"b":{"firehose":true}}}`))
	f.Add([]byte(`{"key":"k","matchers":[{"value":-0.0},{"value":18446744073709551616}]}`))
	f.Add([]byte(`{"key":"","matchers":null}`))
	f.Add([]byte(`[1]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := sampler.NewTagMatchingJSON(text)
		if err != nil {
			return
		}
		var plain struct {
			Key      string
			Matchers []struct {
				Value    any
				Firehose bool
			}
			Values map[string]struct{ Firehose bool }
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&plain); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		check := func(value any, firehose, last bool) {
			if n, ok := value.(json.Number); ok {
				value = number(n)
			}
			got := s.Ask(tagged(model.Any(plain.Key, value, len(text))))
			if !got.Sample || got.Later != nil || last && got.Firehose != firehose {
				t.Fatalf("%q: value %v: got %s, want yes, firehose %v", text, value, verdict(got), firehose)
			}
		}
		for i, m := range plain.Matchers {
			check(m.Value, m.Firehose, i == len(plain.Matchers)-1 && len(plain.Values) == 0)
		}
		for value, m := range plain.Values {
			check(value, m.Firehose, true)
		}
	})
}

// number has the type in which a service would set such a tag.
func number(n json.Number) any {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i
	}
	if u, err := strconv.ParseUint(string(n), 10, 64); err == nil {
		return u
	}
	f, _ := strconv.ParseFloat(string(n), 64)
	return f
}
