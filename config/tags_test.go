// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"math"
	"reflect"
	"testing"

	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/config"
	"github.com/jaegerkit/jaeger/model"
)

func TestTagTypes(t *testing.T) {
	t.Parallel()
	type region string
	tests := []struct {
		name, yaml string // the value as it stands in a file
		want       any
	}{
		{"whole number", "7", int64(7)},
		{"negative", "-7", int64(-7)},
		{"quoted", `"7"`, "7"},
		{"leading zero", "007", "007"},
		{"hexadecimal", "0x1f", "0x1f"},
		{"with underscores", "1_000", "1_000"},
		{"fraction", "0.5", 0.5},
		{"whole fraction", "1.0", 1.0},
		{"exponent", "1e3", 1000.0},
		{"huge number", "1e300", 1e300},
		{"infinite", "-.inf", math.Inf(-1)},
		{"beyond int64", "18446744073709551615", "18446744073709551615"},
		{"boolean", "true", true},
		{"capitals", "FALSE", false},
		{"yes is a text", "yes", "yes"},
		{"date", "2026-11-22", "2026-11-22"},
		{"nothing", "", ""},
		{"null in quotes", `"null"`, "null"},
		{"true in quotes", `"True"`, "True"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := parse(t, "tags: {k: "+test.yaml+"}")
			if got := c.Tags[0].Value; got != test.want {
				t.Errorf("got %T %v, want %T %v", got, got, test.want, test.want)
			}
			if got := parse(t, "tags: [{key: k, value: "+test.yaml+"}]"); !reflect.DeepEqual(got.Tags, c.Tags) {
				t.Errorf("got %v in a list, want %v", got.Tags, c.Tags)
			}
			checkStable(t, c)
		})
	}
	for _, value := range []any{7, uint8(7), uint(7), uint64(math.MaxUint64), float32(0.5), 3.0, math.NaN(), math.Inf(1), math.Copysign(0, -1),
		region("eu"), "7", "NaN", "", nil, true, "true", "a: {b}", []int{1, 2}} {
		checkStable(t, &config.Config{Tags: []config.Tag{{Key: "k", Value: value}}})
	}
}

// Types arrive as they were written; those of variables are texts.
func TestTagsOnTheWire(t *testing.T) {
	t.Parallel()
	const document = "tags: {text: '7', number: 7, fraction: 0.5, bool: true}\nreporter: {local_agent_host_port: '"
	tests := []struct {
		name string
		vars map[string]string
		want map[string]any
	}{
		{"file", nil, map[string]any{"text": "7", "number": int64(7), "fraction": 0.5, "bool": true}},
		{"variable", map[string]string{"JAEGER_TAGS": "number=7,bool=true,from=${HERE:there}", "HERE": "here"},
			map[string]any{"number": "7", "bool": "true", "from": "here", "text": nil}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			agent := agenttest.New(t)
			tracer, _ := build(t, sampled+document+agent.Addr()+"'}", test.vars)
			tracer.StartSpan("op").Finish()
			tracer.Close()
			if _, err := agent.WaitSpans(soon(t), 1); err != nil {
				t.Fatal(err)
			}
			got := agenttest.Tags(agent.Process().Tags)
			for key, want := range test.want {
				if got[key] != want {
					t.Errorf("got %s=%v (%T), want %v (%T)", key, got[key], got[key], want, want)
				}
			}
		})
	}
}

// sameOnTheWire compares values as the tracer would send them.
func sameOnTheWire(a, b any) bool {
	x, y := model.Any("", a, 0), model.Any("", b, 0)
	return x == y
}
