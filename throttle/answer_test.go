// SPDX-License-Identifier: Apache-2.0

package throttle_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/internal/fetch"
	"github.com/jaegerkit/jaeger/throttle"
)

func TestParseAnswer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body string
		want       []throttle.Grant
	}{
		{"two", `{"balances":[{"operation":"a","balance":2.5},{"operation":"b","balance":0}]}`, []throttle.Grant{{"a", 2.5}, {"b", 0}}},
		{"none", `{"balances":[]}`, nil},
		{"null", `{"balances":null}`, nil},
		{"case of fields", `{"Balances":[{"Operation":"A","BALANCE":1}]}`, []throttle.Grant{{"A", 1}}},
		{"more fields", `{"x":1,"balances":[{"operation":"a","balance":1,"y":{}}]}`, []throttle.Grant{{"a", 1}}},
		{"no balance", `{"balances":[{"operation":"a"},null]}`, []throttle.Grant{{"a", 0}, {"", 0}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, err := throttle.ParseAnswer([]byte(test.body)); err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
		})
	}
}

func TestParseBadAnswer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body, want string
		absent           bool
	}{
		{"sampling object", `{"strategyType":"PROBABILISTIC"}`, "the server has no such endpoint: want balances", true},
		{"empty object", `{}`, "want balances", true},
		{"half an object", `{"balances":`, "unexpected end of JSON input", false},
		{"empty", ``, `credits "": unexpected end of JSON input`, false},
		{"null", `null`, `credits "null": want an object`, false},
		{"list", `[]`, "cannot unmarshal array", false},
		{"text", `hello`, "invalid character 'h'", false},
		{"balances are an object", `{"balances":{}}`, "cannot unmarshal object", false},
		{"balances are numbers", `{"balances":[1]}`, "cannot unmarshal number", false},
		{"balance is a word", `{"balances":[{"operation":"a","balance":"1"}]}`, "cannot unmarshal string", false},
		{"balance is huge", `{"balances":[{"operation":"a","balance":1e999}]}`, "cannot unmarshal number", false},
		{"negative", `{"balances":[{"operation":"a","balance":1},{"operation":"b","balance":-0.5}]}`, `balance -0.5 of "b": want 0 or more`, false},
		{"deep", strings.Repeat(`{"balances":`, 1<<17), `...": `, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := throttle.ParseAnswer([]byte(test.body))
			if err == nil || got != nil || !strings.Contains(err.Error(), test.want) || len(err.Error()) > 600 {
				t.Fatalf("got %v, %.1000v, want %s", got, err, test.want)
			}
			if got := errors.Is(err, fetch.ErrAbsent); got != test.absent {
				t.Errorf("got absent %v, want %v", got, test.absent)
			}
		})
	}
}

// FuzzParseAnswer: what is accepted has balances to add, and written down again
// it is read as the same.
func FuzzParseAnswer(f *testing.F) {
	for _, seed := range []string{
		`{"balances":[{"operation":"a","balance":2.5},{"operation":"b"},null]}`, `{"balances":null}`, `{}`, `null`, `[]`,
		`{"balances":[{"operation":"\u0000\ud800é","balance":1e308}]}`, `{"balances":[{"operation":"a","balance":-1}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		grants, err := throttle.ParseAnswer(body)
		if err != nil {
			if grants != nil || len(err.Error()) > 2000 {
				t.Errorf("got %v with %.3000v", grants, err)
			}
			return
		}
		for _, g := range grants {
			if !(g.Balance >= 0) {
				t.Errorf("got balance %v", g.Balance)
			}
		}
		text, err := json.Marshal(map[string][]throttle.Grant{"balances": grants})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := throttle.ParseAnswer(text); err != nil || !slices.Equal(again, grants) {
			t.Errorf("got %v, and from that %v, %v", grants, again, err)
		}
	})
}
