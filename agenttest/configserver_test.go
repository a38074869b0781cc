// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"context"
	"errors"
	"math"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/jaegerkit/jaeger/agenttest"
)

func TestStrategies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path string
		set        func(*agenttest.ConfigServer)
		want       string
	}{
		{"default", "/sampling", nil, defaultStrategy},
		{"default in numbers", "/", nil, `{"strategyType":0,"probabilisticSampling":{"samplingRate":0.001}}`},
		{"probabilistic", "/api/sampling", func(c *agenttest.ConfigServer) { c.SetProbabilistic("shop", 0.5) },
			`{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.5}}`},
		{"for all", "/sampling", func(c *agenttest.ConfigServer) { c.SetProbabilistic("", 1) },
			`{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1}}`},
		{"for this one", "/sampling", func(c *agenttest.ConfigServer) { c.SetProbabilistic("", 1); c.SetProbabilistic("shop", 0) },
			`{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0}}`},
		{"for another", "/sampling", func(c *agenttest.ConfigServer) { c.SetProbabilistic("bar", 1) }, defaultStrategy},
		{"rate limiting", "/sampling", func(c *agenttest.ConfigServer) { c.SetRateLimiting("shop", 2.5) },
			`{"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":2.5}}`},
		{"rate limiting in numbers", "/", func(c *agenttest.ConfigServer) { c.SetRateLimiting("shop", 100000) },
			`{"strategyType":1,"rateLimitingSampling":{"maxTracesPerSecond":100000}}`},
		{"per operation", "/sampling", func(c *agenttest.ConfigServer) {
			c.SetPerOperation("shop", agenttest.PerOperation{Default: 0.1, LowerBound: 2, UpperBound: 3, Rates: map[string]float64{"b": 1, "a": 0.25}})
		}, `{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.1},"operationSampling":{` +
			`"defaultSamplingProbability":0.1,"defaultLowerBoundTracesPerSecond":2,"perOperationStrategies":[` +
			`{"operation":"a","probabilisticSampling":{"samplingRate":0.25}},{"operation":"b","probabilisticSampling":{"samplingRate":1}}],` +
			`"defaultUpperBoundTracesPerSecond":3}}`},
		{"no operations", "/", func(c *agenttest.ConfigServer) { c.SetPerOperation("shop", agenttest.PerOperation{}) },
			`{"strategyType":0,"probabilisticSampling":{"samplingRate":0},"operationSampling":{` +
				`"defaultSamplingProbability":0,"defaultLowerBoundTracesPerSecond":0,"perOperationStrategies":null}}`},
		{"raw", "/", func(c *agenttest.ConfigServer) { c.SetRawStrategy("shop", "{what") }, "{what"},
		{"empty", "/sampling", func(c *agenttest.ConfigServer) { c.SetRawStrategy("shop", "") }, ""},
		{"raw replaced", "/sampling", func(c *agenttest.ConfigServer) { c.SetRawStrategy("shop", "x"); c.SetRateLimiting("shop", 1) },
			`{"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":1}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := agenttest.NewConfigServer(t)
			if test.set != nil {
				test.set(c)
			}
			if got, want := get(t, c.URL()+test.path+"?service=shop"), (reply{200, test.want}); got != want {
				t.Errorf("answer\ngot  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestConfigServerAnswers(t *testing.T) {
	t.Parallel()
	v1, v2 := agenttest.NewConfigServer(t), agenttest.NewConfigServer(t, agenttest.WithJaegerV2())
	v1.SetBaggageRestrictions("shop", agenttest.BaggageRestriction{Key: "user", MaxValueLength: 10}, agenttest.BaggageRestriction{Key: "id"})
	v1.SetBaggageRestrictions("bare")
	v1.SetProbabilistic("nan", math.NaN())
	v2.SetBaggageRestrictions("shop")
	v2.SetCredits("shop", "op", 1)
	tests := []struct {
		name   string
		server *agenttest.ConfigServer
		method string
		path   string
		want   reply
		note   string
	}{
		{"restrictions", v1, "GET", "/baggageRestrictions?service=shop", reply{200, `[{"baggageKey":"user","maxValueLength":10},{"baggageKey":"id","maxValueLength":0}]`}, ""},
		{"no restrictions", v1, "GET", "/baggageRestrictions?service=bare", reply{200, `[]`}, ""},
		{"restrictions absent", v1, "GET", "/baggageRestrictions?service=other", reply{500, "baggage not implemented\n"}, ""},
		{"credits absent", v1, "GET", "/credits?service=shop&operations=op", reply{404, "404 page not found\n"}, ""},
		{"no service", v1, "GET", "/sampling", reply{400, "'service' parameter must be provided once\n"}, `"GET" "/sampling" of 0 bytes: 'service'`},
		{"empty service", v1, "GET", "/sampling?service=", reply{400, "'service' parameter must be provided once\n"}, "'service'"},
		{"two services", v1, "GET", "/baggageRestrictions?service=a&service=b", reply{400, "'service' parameter must be provided once\n"}, "'service'"},
		{"path", v1, "GET", "/sample?service=shop", reply{404, "404 page not found\n"}, `"/sample"`},
		{"method", v1, "PUT", "/sampling?service=shop", reply{405, "the method must be GET\n"}, `"PUT"`},
		{"NaN", v1, "GET", "/sampling?service=nan", reply{500, "cannot encode what was set: json: unsupported value: NaN\n"}, "NaN"},
		{"v2 restrictions", v2, "GET", "/baggageRestrictions?service=shop", reply{200, defaultStrategy}, ""},
		{"v2 credits", v2, "GET", "/credits?service=shop", reply{200, defaultStrategy}, ""},
		{"v2 root", v2, "GET", "/?service=shop", reply{200, defaultStrategy}, ""},
		{"v2 no service", v2, "GET", "/anything", reply{400, "'service' parameter must be provided once\n"}, "'service'"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.server.Reset()
			got, err := do(t, client(t), test.method, test.server.URL()+test.path, nil)
			must(t, err)
			if got != test.want {
				t.Errorf("answer\ngot  %+v\nwant %+v", got, test.want)
			}
			errs := test.server.Errors()
			if len(errs) != btoi(test.note != "") || test.note != "" && !strings.Contains(errs[0].Error(), test.note) {
				t.Errorf("errors: got %v, want one only if it says %q", errs, test.note)
			}
		})
	}
}

func TestCreditsAreHandedOutOnce(t *testing.T) {
	t.Parallel()
	c := agenttest.NewConfigServer(t)
	c.SetCredits("shop", "a", 3)
	c.SetCredits("shop", "b", 2.5)
	c.SetCredits("shop", "b", 1.5) // instead, not on top
	steps := []struct{ query, want string }{
		{"operations=a&operations=a&operations=zero", `{"balances":[{"operation":"a","balance":3},{"operation":"zero","balance":0}]}`},
		{"operations=a&operations=b", `{"balances":[{"operation":"a","balance":0},{"operation":"b","balance":1.5}]}`},
		{"", `{"balances":[]}`},
	}
	for _, step := range steps {
		if got, want := get(t, c.URL()+"/credits?service=shop&uuid=c0ffee&"+step.query), (reply{200, step.want}); got != want {
			t.Errorf("%q\ngot  %+v\nwant %+v", step.query, got, want)
		}
	}
	c.SetCredits("shop", "a", 1)
	if got, want := get(t, c.URL()+"/credits?service=shop&operations=a").body, `{"balances":[{"operation":"a","balance":1}]}`; got != want {
		t.Errorf("set again\ngot  %s\nwant %s", got, want)
	}
	queries, err := c.WaitQueries(testContext(t), "/credits", 4)
	must(t, err)
	if got, want := queries[1], (agenttest.Query{Path: "/credits", Service: "shop", UUID: "c0ffee", Operations: []string{"a", "b"}, Status: 200}); !reflect.DeepEqual(got, want) {
		t.Errorf("query\ngot  %+v\nwant %+v", got, want)
	}
}

// However many clients ask at once, credits go out once.
func TestCreditsUnderConcurrency(t *testing.T) {
	t.Parallel()
	const clients = 8
	c := agenttest.NewConfigServer(t)
	c.SetCredits("", "op", 1)
	h := client(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	handed := 0
	for range clients {
		wg.Add(1)
		go func() {
			defer wg.Done()
			got, err := do(t, h, "GET", c.URL()+"/credits?service=s&operations=op", nil)
			c.SetProbabilistic("s", 1)
			c.Queries("")
			mu.Lock()
			defer mu.Unlock()
			if err == nil && strings.Contains(got.body, `"balance":1`) {
				handed++
			}
		}()
	}
	wg.Wait()
	if handed != 1 || len(c.Queries("/credits")) != clients {
		t.Errorf("got credits %d times in %d queries, want once in %d", handed, len(c.Queries("/credits")), clients)
	}
}

func TestQueries(t *testing.T) {
	t.Parallel()
	c := agenttest.NewConfigServer(t)
	name := "a b&c/ü"
	get(t, c.SamplingURL()+"?service="+url.QueryEscape(name))
	get(t, c.URL()+"/baggageRestrictions?service=other")
	queries, err := c.WaitQueries(testContext(t), "/sampling", 1)
	must(t, err)
	if want := []agenttest.Query{{Path: "/sampling", Service: name, Status: 200}}; !reflect.DeepEqual(queries, want) {
		t.Errorf("queries\ngot  %+v\nwant %+v", queries, want)
	}
	if got := c.Queries(""); len(got) != 2 || got[1].Status != 500 {
		t.Errorf("all queries: got %+v, want 2", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	queries, err = c.WaitQueries(ctx, "/sampling", 2)
	if want := `want 2 queries for "/sampling", got 1`; len(queries) != 1 || !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), want) {
		t.Errorf("got %d queries, error %v, want 1 and %q", len(queries), err, want)
	}
	c.Reset()
	if c.RequestCount() != 0 || len(c.Queries("")) != 0 {
		t.Errorf("after Reset: got %d requests, want none", c.RequestCount())
	}
}

func TestRequestsAreBounded(t *testing.T) {
	t.Parallel()
	c := agenttest.NewConfigServer(t, agenttest.WithRequestLimit(2))
	for _, service := range []string{"a", "b", "c"} {
		get(t, c.SamplingURL()+"?service="+service)
	}
	if got := c.Queries(""); len(got) != 2 || got[1].Service != "b" || c.RequestCount() != 3 {
		t.Errorf("got queries %+v of %d requests, want those of a and b of 3", got, c.RequestCount())
	}
}
