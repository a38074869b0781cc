// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"testing"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/config"
	"github.com/jaegerkit/jaeger/e2e"
	"github.com/jaegerkit/jaeger/model"
)

// The item has what headers cannot carry as it is, and what the clients escape differently.
const nodeKey, nodeValue = "menu", "café + crème 50% – 東京, a=b"

// hop is what both services answer: what they know of the trace, and what the next one answered.
type hop struct {
	TraceID string            `json:"traceID"`
	Baggage map[string]string `json:"baggage"`
	Next    *hop              `json:"next"`
}

// id is the trace id; services write it with and without leading zeros.
func (h *hop) id(t *testing.T) model.TraceID {
	t.Helper()
	id, err := model.ParseTraceID(h.TraceID)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// goService is the Go counterpart of node/service.js, on the library under test.
type goService struct {
	tracer *jaeger.Tracer
	url    string
}

func startGoService(t *testing.T, collector e2e.Addr, opts ...jaeger.Option) *goService {
	t.Helper()
	cfg := config.Config{ServiceName: "go", Sampler: config.Sampler{Type: "const", Param: 1}}
	cfg.Reporter.Endpoint = "http://" + string(collector) + "/api/traces"
	tracer, err := cfg.NewTracer(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tracer.Close(); err != nil {
			t.Error(err)
		}
	})
	g := &goService{tracer: tracer}
	server := httptest.NewServer(http.HandlerFunc(g.serve))
	t.Cleanup(server.Close)
	g.url = server.URL
	return g
}

func (g *goService) serve(w http.ResponseWriter, r *http.Request) {
	parent, err := g.tracer.Extract(opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(r.Header))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	span := g.tracer.StartSpan("go-hop", ext.RPCServerOption(parent))
	defer span.Finish()
	answer, err := g.answer(r.Context(), span, r.URL.Query().Get("next"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// answer calls next within span, if there is one.
func (g *goService) answer(ctx context.Context, span opentracing.Span, next string) (*hop, error) {
	a := &hop{TraceID: span.(*jaeger.Span).SpanContext().TraceID().String(), Baggage: map[string]string{}}
	span.Context().ForeachBaggageItem(func(k, v string) bool {
		a.Baggage[k] = v
		return true
	})
	if next == "" {
		return a, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, next, nil)
	if err != nil {
		return nil, err
	}
	if err := g.tracer.Inject(span.Context(), opentracing.HTTPHeaders, opentracing.HTTPHeadersCarrier(req.Header)); err != nil {
		return nil, err
	}
	a.Next, err = fetchHop(req)
	return a, err
}

func fetchHop(req *http.Request) (*hop, error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	h := &hop{}
	if err := json.Unmarshal(body, h); err != nil || resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: status %d, %q (%v)", req.URL, resp.StatusCode, body, err)
	}
	return h, nil
}

// TestNode has a service on npm's jaeger-client and one on this library take part in each other's traces.
func TestNode(t *testing.T) {
	t.Parallel()
	node, script, err := e2e.InstallNode(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	j := startJaeger(t)
	nodeURL, finishNode := serve(t, tracerEnv(j, "JAEGER_SAMPLER_TYPE=const", "JAEGER_SAMPLER_PARAM=1",
		"JAEGER_REPORTER_FLUSH_INTERVAL=50", "JAEGER_ENDPOINT=http://"+string(j.CollectorHTTP)+"/api/traces"), node, script)
	g := startGoService(t, j.CollectorHTTP)
	// The ids that Node draws are written without leading zeros, all others with them.
	short := startGoService(t, j.CollectorHTTP, jaeger.WithIDs(func() uint64 { return rand.Uint64()>>8 | 1 }))

	for name, g := range map[string]*goService{"go begins": g, "go begins, ids with leading zeros": short} {
		t.Run(name, func(t *testing.T) {
			ctx := patient(t)
			root := g.tracer.StartSpan("go-begin")
			root.SetBaggageItem(nodeKey, nodeValue)
			answer, err := g.answer(ctx, root, nodeURL+"/hop?next="+url.QueryEscape(g.url))
			root.Finish()
			if err != nil {
				t.Fatal(err)
			}
			checkHops(t, answer, 3)
			checkChain(ctx, t, j, answer.TraceID, "go go-begin", "node node-hop", "go go-hop")
		})
	}
	for name, short := range map[string]string{"node begins": "", "node begins, an id with leading zeros": "1"} {
		t.Run(name, func(t *testing.T) {
			ctx := patient(t)
			query := url.Values{"key": {nodeKey}, "value": {nodeValue}, "short": {short},
				"next": {g.url + "?next=" + url.QueryEscape(nodeURL+"/hop")}}
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, nodeURL+"/begin?"+query.Encode(), nil)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := fetchHop(req)
			if err != nil {
				t.Fatal(err)
			}
			checkHops(t, answer, 3)
			checkChain(ctx, t, j, answer.TraceID, "node node-begin", "go go-hop", "node node-hop")
		})
	}
	finishNode()
}

// checkHops wants every service to have seen the same trace with the same baggage.
func checkHops(t *testing.T, h *hop, want int) {
	t.Helper()
	first, n := h.id(t), 0
	for ; h != nil; h = h.Next {
		n++
		if h.id(t) != first || h.Baggage[nodeKey] != nodeValue || len(h.Baggage) != 1 {
			t.Errorf("hop %d: trace %s with baggage %q, want %s with %q", n, h.TraceID, h.Baggage, first, nodeValue)
		}
	}
	if n != want {
		t.Errorf("%d hops, want %d", n, want)
	}
}

// checkChain wants the trace to have exactly these spans, "service operation" each, every one the child of the one before.
func checkChain(ctx context.Context, t *testing.T, j *e2e.Jaeger, traceID string, want ...string) {
	t.Helper()
	trace, err := j.Query.Trace(ctx, traceID, func(tr e2e.Trace) error {
		if len(tr.Spans) != len(want) {
			return fmt.Errorf("got spans %q, want %q", tr.Operations(), want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for parent := ""; len(got) < len(want); {
		i := slices.IndexFunc(trace.Spans, func(s e2e.Span) bool {
			return parent == "" && len(s.References) == 0 ||
				len(s.References) == 1 && s.References[0].SpanID == parent && s.References[0].RefType == "CHILD_OF"
		})
		if i < 0 {
			break
		}
		s := trace.Spans[i]
		parent = s.SpanID
		got = append(got, trace.Processes[s.ProcessID].ServiceName+" "+s.OperationName)
		if len(s.Warnings) > 0 {
			t.Errorf("%s: warnings %q", s.OperationName, s.Warnings)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("chain:\n got %q\nwant %q", got, want)
	}
}
