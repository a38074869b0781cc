// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/e2e"
)

// TestTwoProcesses has a frontend call a backend, each a process of its own, and compares everything that Jaeger then
// has of their traces. The backend's own sampler says no to everything: what it reports, the frontend decided.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	frontend, backend := build(t, ".", "./cmd/frontend"), build(t, ".", "./cmd/backend")
	j := startJaeger(t)
	url, finishBackend := serve(t, tracerEnv(j, "JAEGER_SERVICE_NAME=backend", "JAEGER_TAGS=role=worker",
		"JAEGER_SAMPLER_TYPE=const", "JAEGER_SAMPLER_PARAM=0", "JAEGER_REPORTER_FLUSH_INTERVAL=20ms"), backend)

	tests := []struct {
		name      string
		env       []string
		args      []string
		wantFlags uint32
		wantID    int // hex digits of the trace id
		wantTags  []string
	}{
		{"sampled", []string{"JAEGER_SAMPLER_PARAM=1"}, nil, 1, 16,
			[]string{"sampler.param:bool=true", "sampler.type:string=const"}},
		{"forced", []string{"JAEGER_SAMPLER_PARAM=0"}, []string{"-force"}, 3, 16,
			[]string{"sampling.priority:int64=1"}},
		{"wide", []string{"JAEGER_SAMPLER_PARAM=1", "JAEGER_TRACEID_128BIT=true"}, nil, 1, 32,
			[]string{"sampler.param:bool=true", "sampler.type:string=const"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx, service := patient(t), "frontend-"+test.name
			env := append(test.env, "JAEGER_SERVICE_NAME="+service, "JAEGER_SAMPLER_TYPE=const",
				"JAEGER_TAGS=team=payments,zone=${E2E_ZONE:eu-1}")
			begin := time.Now()
			out := run(ctx, t, tracerEnv(j, env...), frontend, append(test.args, "-backend", url)...)
			checkStats(t, out, 4, 2)

			want := wantTrace(service, test.wantTags)
			traces, err := j.Query.Find(ctx, service, func(ts []e2e.Trace) error { return complete(ts, len(want)) })
			if err != nil {
				t.Fatal(err)
			}
			trace := traces[0]
			if got := len(trace.TraceID); got != test.wantID {
				t.Errorf("trace id %s has %d digits, want %d", trace.TraceID, got, test.wantID)
			}
			checkTrace(t, trace, want, test.wantFlags, begin)
			checkProcess(t, trace, "checkout", "team:string=payments", "zone:string=eu-1")
			checkProcess(t, trace, "work", "role:string=worker")
			if front, back := clientUUID(t, trace, "checkout"), clientUUID(t, trace, "work"); front == back {
				t.Errorf("client-uuid: both processes have %q", front)
			}
		})
	}
	checkStats(t, finishBackend(), uint64(3*len(tests)), 0)
	checkAgent(patient(t), t, j, len(tests)+1)
}

// wantTrace is what cmd/frontend and cmd/backend make together; rootTags say how the trace came to be sampled.
func wantTrace(frontend string, rootTags []string) []wantSpan {
	return []wantSpan{
		{
			operation: "checkout", service: frontend,
			tags: append([]string{
				"account:int64=-9223372036854775808", "cart:binary=AAH+/w==", "customer:string=Zoë", "discount:float64=0.25",
				"express:bool=true", "items:int64=3", "problem:string=stock is low", "stock:string=18446744073709551615",
			}, rootTags...),
			logs: [][]string{
				{"event:string=baggage", "key:string=user", "value:string=alice & bob"},
				{"event:string=done", "bytes:int64=1099511627776", "error.object:string=none but a test's", "ok:bool=true",
					"ratio:float64=0.5", "status:int64=200"},
				{"event:string=archived", "copies:int64=2"},
			},
		},
		{
			operation: "call-backend", service: frontend, refs: []string{"CHILD_OF checkout"},
			tags: []string{"http.method:string=GET", "http.status_code:int64=200", "span.kind:string=client"},
		},
		{
			operation: "work", service: "backend", refs: []string{"CHILD_OF call-backend"},
			tags: []string{"http.status_code:int64=200", "span.kind:string=server"},
		},
		{
			operation: "query", service: "backend", refs: []string{"CHILD_OF work"},
			tags: []string{"error:bool=true", "user:string=alice & bob"},
			logs: [][]string{{"event:string=error", "attempt:int64=1", "error.object:string=row is locked"}},
		},
		{operation: "audit", service: "backend", refs: []string{"FOLLOWS_FROM work"}},
		{operation: "receipt", service: frontend, refs: []string{"FOLLOWS_FROM checkout"}},
		{operation: "report", service: frontend, refs: []string{"CHILD_OF checkout", "FOLLOWS_FROM receipt"}},
	}
}

func clientUUID(t *testing.T, trace e2e.Trace, operation string) string {
	t.Helper()
	span, err := trace.Named(operation)
	if err != nil {
		t.Fatal(err)
	}
	tag, _ := e2e.Lookup(trace.Processes[span.ProcessID].Tags, "client-uuid")
	return tag.String()
}

// sorted leaves its argument alone.
func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}
