// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/sampler"
)

// answers are what servers of all generations say, and what could be in between.
var answers = []struct{ name, body, want string }{
	{"names", `{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.5}}`, "probabilistic(0.5)"},
	{"numbers", `{"strategyType":0,"probabilisticSampling":{"samplingRate":0.5}}`, "probabilistic(0.5)"},
	{"number of another kind", `{"strategyType":1,"rateLimitingSampling":{"maxTracesPerSecond":5}}`, "ratelimiting(5)"},
	{"all parts there", `{"strategyType":"RATE_LIMITING","probabilisticSampling":null,"rateLimitingSampling":{"maxTracesPerSecond":5},"operationSampling":null}`, "ratelimiting(5)"},
	{"no type", `{"probabilisticSampling":{"samplingRate":1}}`, "probabilistic(1)"},
	{"unknown type", `{"strategyType":{"of":["tomorrow"]},"probabilisticSampling":{"samplingRate":1},"more":[1]}`, "probabilistic(1)"},
	{"fraction a second", `{"rateLimitingSampling":{"maxTracesPerSecond":0.25}}`, "ratelimiting(0.25)"},
	{"more than 16 bits", `{"rateLimitingSampling":{"maxTracesPerSecond":70000}}`, "ratelimiting(70000)"},
	{"more than 64 bits", `{"rateLimitingSampling":{"maxTracesPerSecond":1e30}}`, "ratelimiting(1e+30)"},
	{"quoted number", `{"rateLimitingSampling":{"maxTracesPerSecond":"12"}}`, "ratelimiting(12)"},
	{"small letters", `{"probabilisticsampling":{"SAMPLINGRATE":0.5}}`, "probabilistic(0.5)"},
	{"spaces", " {\n\t\"probabilisticSampling\" : { \"samplingRate\" : 5E-1 } }\r\n", "probabilistic(0.5)"},
	{"zero left out", `{"strategyType":"PROBABILISTIC","probabilisticSampling":{}}`, "probabilistic(0)"},
	{"zero null", `{"probabilisticSampling":{"samplingRate":null}}`, "probabilistic(0)"},
	{"minus zero", `{"probabilisticSampling":{"samplingRate":-0}}`, "probabilistic(0)"},
	{"too small to tell", `{"probabilisticSampling":{"samplingRate":-1e-999}}`, "probabilistic(0)"},
	{"operations first", `{"strategyType":0,"probabilisticSampling":{"samplingRate":0.9},"rateLimitingSampling":{"maxTracesPerSecond":1},
		"operationSampling":{"defaultSamplingProbability":0.9,"defaultLowerBoundTracesPerSecond":0,
		"perOperationStrategies":[{"operation":"metrics","probabilisticSampling":{"samplingRate":0}}]}}`,
		"peroperation(1 listed, others 0.9, lower bound 0)"},
	{"share before limit", `{"rateLimitingSampling":{"maxTracesPerSecond":1},"probabilisticSampling":{"samplingRate":0.9}}`, "probabilistic(0.9)"},
	{"all of operations", `{"operationSampling":{"defaultSamplingProbability":0.001,"defaultLowerBoundTracesPerSecond":0.016666,
		"defaultUpperBoundTracesPerSecond":100,"perOperationStrategies":[
		{"operation":"GET /","probabilisticSampling":{"samplingRate":0.5}},{"operation":"GET /\u00e9","probabilisticSampling":{"samplingRate":1}}]}}`,
		"peroperation(2 listed, others 0.001, lower bound 0.016666)"},
	{"null list", `{"operationSampling":{"defaultSamplingProbability":0.5,"perOperationStrategies":null}}`, "peroperation(0 listed, others 0.5, lower bound 0)"},
	{"no list", `{"operationSampling":{"defaultSamplingProbability":0.5}}`, "peroperation(0 listed, others 0.5, lower bound 0)"},
	{"nothing in operations", `{"operationSampling":{}}`, "peroperation(0 listed, others 0, lower bound 0)"},
	{"holes in the list", `{"operationSampling":{"defaultSamplingProbability":0.5,"perOperationStrategies":[
		null,{},{"operation":"a"},{"operation":"b","probabilisticSampling":null},{"operation":"c","probabilisticSampling":{}},
		{"probabilisticSampling":{"samplingRate":1}}]}}`, "peroperation(2 listed, others 0.5, lower bound 0)"},
	{"one name twice", `{"operationSampling":{"perOperationStrategies":[{"operation":"a","probabilisticSampling":{}},
		{"operation":"a","probabilisticSampling":{"samplingRate":1}}]}}`, "peroperation(1 listed, others 0, lower bound 0)"},
	{"over the limit", `{"operationSampling":{"perOperationStrategies":[{"operation":"a","probabilisticSampling":{}},
		{"operation":"b","probabilisticSampling":{}},{"operation":"c","probabilisticSampling":{}},{"operation":"d","probabilisticSampling":{}}]}}`,
		"peroperation(3 listed, others 0, lower bound 0, 1 over the limit)"},
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, test := range answers {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a, err := sampler.ParseStrategy([]byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			s, err := sampler.NewSuccession(3).Next(a)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(s); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

const none = "want one of operationSampling, probabilisticSampling and rateLimitingSampling"

// badAnswers are none that a sampler could be made of.
var badAnswers = []struct{ name, body, want string }{
	{"empty", ``, `sampling strategy "": unexpected end of JSON input`},
	{"cut off", `{"probabilisticSampling":{"samplingRate":0.5}`, "unexpected end of JSON input"},
	{"page", `<html><body>404</body></html>`, "invalid character '<' looking for beginning of value"},
	{"more behind", `{"probabilisticSampling":{"samplingRate":0.5}} {}`, "invalid character '{' after top-level value"},
	{"null", `null`, none},
	{"nothing", `{}`, `sampling strategy "{}": ` + none},
	{"type only", `{"strategyType":"PROBABILISTIC","probabilisticSampling":null}`, none},
	{"list", `[{"baggageKey":"key","maxValueLength":10}]`, "cannot unmarshal array"},
	{"number", `17`, "cannot unmarshal number"},
	{"part is a number", `{"probabilisticSampling":0.5}`, "cannot unmarshal number"},
	{"part is a list", `{"operationSampling":[]}`, "cannot unmarshal array"},
	{"list is not one", `{"operationSampling":{"perOperationStrategies":{}}}`, "cannot unmarshal object"},
	{"name is a number", `{"operationSampling":{"perOperationStrategies":[{"operation":1}]}}`, "cannot unmarshal number"},
	{"rate is a word", `{"probabilisticSampling":{"samplingRate":"half"}}`, `"half": want a number`},
	{"rate is NaN", `{"probabilisticSampling":{"samplingRate":"NaN"}}`, `"NaN": want a number`},
	{"rate is hexadecimal", `{"probabilisticSampling":{"samplingRate":"0x1p-2"}}`, `"0x1p-2": want a number`},
	{"rate is empty", `{"probabilisticSampling":{"samplingRate":""}}`, `"": want a number`},
	{"rate is true", `{"probabilisticSampling":{"samplingRate":true}}`, `true: want a number`},
	{"rate is an object", `{"probabilisticSampling":{"samplingRate":{}}}`, `{}: want a number`},
	{"percent", `{"probabilisticSampling":{"samplingRate":50}}`, "sampling rate 50: want a probability from 0 to 1"},
	{"below 0", `{"probabilisticSampling":{"samplingRate":-0.1}}`, "sampling rate -0.1: want a probability from 0 to 1"},
	{"limit below 0", `{"rateLimitingSampling":{"maxTracesPerSecond":-1}}`, "sampling rate -1: want traces per second, 0 or more"},
	{"too large to tell", `{"rateLimitingSampling":{"maxTracesPerSecond":1e999}}`, "1e999: want a smaller number"},
	{"default share", `{"operationSampling":{"defaultSamplingProbability":1.5}}`, "other operations: sampling rate 1.5: want"},
	{"lower bound", `{"operationSampling":{"defaultLowerBoundTracesPerSecond":-1}}`, "other operations: lower bound -1: want"},
	{"one operation of two", `{"operationSampling":{"perOperationStrategies":[{"operation":"a","probabilisticSampling":{}},
		{"operation":"b","probabilisticSampling":{"samplingRate":2}}]}}`, `operation "b": sampling rate 2: want`},
	{"first part only counts", `{"operationSampling":{"defaultSamplingProbability":2},"probabilisticSampling":{"samplingRate":1}}`, "sampling rate 2"},
	{"deep", strings.Repeat("[", 1<<20), "exceeded max depth"},
	{"long", `{"probabilisticSampling":{}}` + strings.Repeat(" ", sampler.LongestAnswer), "answer is longer than 1048576 bytes"},
}

func TestBadAnswers(t *testing.T) {
	t.Parallel()
	for _, test := range badAnswers {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a, err := sampler.ParseStrategy([]byte(test.body))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %+v and error %v, want %s", a, err, test.want)
			}
			if got := len(err.Error()); got > 800 {
				t.Errorf("got an error of %d bytes", got)
			}
		})
	}
}

func TestErrorsQuoteWholeCharacters(t *testing.T) {
	t.Parallel()
	for n := range 4 {
		_, err := sampler.ParseStrategy([]byte(strings.Repeat("x", n) + strings.Repeat("\U0001f600", 100)))
		if err == nil || strings.Contains(err.Error(), `\x`) || !strings.Contains(err.Error(), `..."`) {
			t.Errorf("got %v, want whole characters and ...", err)
		}
	}
}

// TestSameLimitIsTheSameSampler: nothing of a limit is lost or won by an answer
// that changes nothing, at whatever moment it comes.
func TestSameLimitIsTheSameSampler(t *testing.T) {
	t.Parallel()
	s := sampler.NewSuccession(1)
	first := must(s.Next(sampler.Answer{Kind: "rateLimiting", Rate: 5}))
	if again := must(s.Next(sampler.Answer{Kind: "rateLimiting", Rate: 5})); again != first {
		t.Error("got another sampler for the same limit")
	}
	if other := must(s.Next(sampler.Answer{Kind: "rateLimiting", Rate: 6})); other == first {
		t.Error("got the same sampler for another limit")
	}
}

// encode writes what was read of an answer as a server would; old servers write
// numbers for names and nulls for what is not there.
func encode(a sampler.Answer, old bool) []byte {
	type object = map[string]any
	out := object{"strategyType": "PROBABILISTIC"}
	if old {
		out = object{"strategyType": 0, "probabilisticSampling": nil, "rateLimitingSampling": nil, "operationSampling": nil}
	}
	switch a.Kind {
	case "probabilistic":
		out["probabilisticSampling"] = object{"samplingRate": a.Rate}
	case "rateLimiting":
		out["rateLimitingSampling"] = object{"maxTracesPerSecond": a.Rate}
	case "perOperation":
		var list []object
		for _, o := range a.Operations.Operations {
			list = append(list, object{"operation": o.Operation, "probabilisticSampling": object{"samplingRate": o.Rate}})
		}
		out["operationSampling"] = object{
			"defaultSamplingProbability":       a.Operations.DefaultRate,
			"defaultLowerBoundTracesPerSecond": a.Operations.LowerBound,
			"perOperationStrategies":           list,
		}
	}
	body, err := json.Marshal(out)
	if err != nil {
		panic(err)
	}
	return body
}

func FuzzParseStrategy(f *testing.F) {
	for _, a := range answers {
		f.Add([]byte(a.body))
	}
	for _, a := range badAnswers {
		if len(a.body) < 1<<10 {
			f.Add([]byte(a.body))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := sampler.ParseStrategy(body)
		if err != nil {
			if len(err.Error()) > 2000 {
				t.Errorf("got an error of %d bytes", len(err.Error()))
			}
			return
		}
		if !json.Valid(body) {
			t.Errorf("got %+v, want an error", a)
		}
		for _, old := range []bool{false, true} {
			again := encode(a, old)
			if len(again) > sampler.LongestAnswer {
				return
			}
			if got, err := sampler.ParseStrategy(again); err != nil || !reflect.DeepEqual(got, a) {
				t.Errorf("%s: got %+v, %v, want %+v", again, got, err, a)
			}
		}
		s, err := sampler.NewSuccession(10).Next(a)
		if err != nil {
			t.Fatalf("%+v was read but makes no sampler: %v", a, err)
		}
		s.Sample(likely, "op")
		if p, ok := s.(*sampler.PerOperation); ok && p.Known() > 10 {
			t.Errorf("got %d operations, want at most 10", p.Known())
		}
	})
}
