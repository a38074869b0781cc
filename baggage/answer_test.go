// SPDX-License-Identifier: Apache-2.0

package baggage_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/baggage"
	"github.com/jaegerkit/jaeger/internal/fetch"
)

// list is an answer of n keys.
func list(n int) string {
	items := make([]string, n)
	for i := range items {
		items[i] = fmt.Sprintf(`{"baggageKey":"k%d","maxValueLength":1}`, i)
	}
	return "[" + strings.Join(items, ",") + "]"
}

func TestParseAnswer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body string
		want       map[string]int
	}{
		{"two", `[{"baggageKey":"a","maxValueLength":5},{"baggageKey":"b","maxValueLength":70000}]`, map[string]int{"a": 5, "b": 70000}},
		{"none", ` [ ] `, map[string]int{}},
		{"null", `null`, map[string]int{}},
		{"no length", `[{"baggageKey":"a"},{"baggageKey":"b","maxValueLength":null}]`, map[string]int{"a": 2048, "b": 2048}},
		{"length of nothing", `[{"baggageKey":"a","maxValueLength":0}]`, map[string]int{"a": 2048}},
		{"negative length", `[{"baggageKey":"a","maxValueLength":-1},{"baggageKey":"b","maxValueLength":1}]`, map[string]int{"b": 1}},
		{"no key", `[{"maxValueLength":5},{},null]`, map[string]int{}},
		{"twice", `[{"baggageKey":"a","maxValueLength":5},{"baggageKey":"a","maxValueLength":3}]`, map[string]int{"a": 3}},
		{"taken back", `[{"baggageKey":"a","maxValueLength":5},{"baggageKey":"a","maxValueLength":-3}]`, map[string]int{}},
		{"more fields", `[{"baggageKey":"a","maxValueLength":5,"comment":{"x":[1]}}]`, map[string]int{"a": 5}},
		{"case of fields", `[{"BaggageKey":"A","MAXVALUELENGTH":5}]`, map[string]int{"A": 5}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, err := baggage.ParseAnswer([]byte(test.body)); err != nil || !maps.Equal(got, test.want) {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
		})
	}
	if got, err := baggage.ParseAnswer([]byte(list(baggage.MaxKeys))); err != nil || len(got) != baggage.MaxKeys {
		t.Errorf("got %d keys, %v, want %d", len(got), err, baggage.MaxKeys)
	}
}

func TestParseBadAnswer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body, want string
		absent           bool
	}{
		{"sampling object", `{"strategyType":"PROBABILISTIC"}`, "the server has no such endpoint: want a list", true},
		{"empty object", " \n{}", "want a list", true},
		{"half an object", `{"strategyType":`, "unexpected end of JSON input", false},
		{"empty", ``, `baggage restrictions "": unexpected end of JSON input`, false},
		{"text", `hello`, `baggage restrictions "hello": invalid character 'h'`, false},
		{"string", `"hello"`, "cannot unmarshal string", false},
		{"number", `1`, "cannot unmarshal number", false},
		{"list of numbers", `[1]`, "cannot unmarshal number", false},
		{"length is a word", `[{"baggageKey":"a","maxValueLength":"5"}]`, "cannot unmarshal string", false},
		{"length is huge", `[{"baggageKey":"a","maxValueLength":1e99}]`, "cannot unmarshal number", false},
		{"key is a number", `[{"baggageKey":1}]`, "cannot unmarshal number", false},
		{"web page", `<!doctype html>`, "invalid character '<'", false},
		{"two lists", `[][]`, "invalid character '['", false},
		{"too many", list(baggage.MaxKeys + 1), "2001 keys: want 2000 at most", false},
		{"deep", strings.Repeat("[", 1<<19), `[[[..."`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := baggage.ParseAnswer([]byte(test.body))
			if err == nil || got != nil || !strings.Contains(err.Error(), test.want) || len(err.Error()) > 500 {
				t.Fatalf("got %v, %.1000v, want %s", got, err, test.want)
			}
			if got := errors.Is(err, fetch.ErrAbsent); got != test.absent {
				t.Errorf("got absent %v, want %v", got, test.absent)
			}
		})
	}
}

// FuzzParseAnswer: what is accepted has keys and lengths to use, and written
// down again it is read as the same.
func FuzzParseAnswer(f *testing.F) {
	for _, seed := range []string{
		`[{"baggageKey":"a","maxValueLength":5},{"baggageKey":"b"}]`, `[{"baggageKey":"a","maxValueLength":-5},null]`,
		`null`, `{}`, `[`, list(3), `[{"baggageKey":"\u0000\ud800é","maxValueLength":9223372036854775807}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		lengths, err := baggage.ParseAnswer(body)
		if err != nil {
			if lengths != nil || len(err.Error()) > 2000 {
				t.Errorf("got %v with %.3000v", lengths, err)
			}
			return
		}
		type item struct {
			BaggageKey     string `json:"baggageKey"`
			MaxValueLength int    `json:"maxValueLength"`
		}
		items := []item{}
		for key, n := range lengths {
			if key == "" || n <= 0 {
				t.Errorf("got key %q with length %d", key, n)
			}
			items = append(items, item{key, n})
		}
		text, err := json.Marshal(items)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := baggage.ParseAnswer(text); err != nil || !maps.Equal(again, lengths) {
			t.Errorf("got %v, and from that %v, %v", lengths, again, err)
		}
	})
}
