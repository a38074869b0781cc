// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/e2e"
)

// TestCollectorAndFormats has the two processes of TestTwoProcesses report straight to the collector over HTTP, and
// pass their context on in each of the formats. Baggage, which the backend checks, goes with it in all of them.
func TestCollectorAndFormats(t *testing.T) {
	t.Parallel()
	frontend, backend := build(t, ".", "./cmd/frontend"), build(t, ".", "./cmd/backend")
	j := startJaeger(t)
	for _, test := range []struct {
		name, formats string
		args          []string
		env           []string
		flags         uint32
	}{
		{"jaeger", "jaeger", []string{"-force"}, []string{"JAEGER_SAMPLER_PARAM=0"}, 3},
		{"b3", "b3", nil, []string{"JAEGER_SAMPLER_PARAM=1"}, 1},
		{"b3-forced", "b3", []string{"-force"}, []string{"JAEGER_SAMPLER_PARAM=0"}, 3},
		{"b3single", "b3single", nil, []string{"JAEGER_SAMPLER_PARAM=1", "JAEGER_TRACEID_128BIT=true"}, 1},
		{"w3c", "w3c", nil, []string{"JAEGER_SAMPLER_PARAM=1", "JAEGER_TRACEID_128BIT=true"}, 1},
		{"all", "w3c,b3,jaeger", nil, []string{"JAEGER_SAMPLER_PARAM=1"}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, service := patient(t), "http-"+test.name
			both := append(test.env, "JAEGER_ENDPOINT=http://"+string(j.CollectorHTTP)+"/api/traces?format=jaeger.thrift",
				"JAEGER_SAMPLER_TYPE=const", "JAEGER_PROPAGATION="+test.formats, "JAEGER_REPORTER_FLUSH_INTERVAL=20ms")
			url, finish := serve(t, tracerEnv(j, append(both, "JAEGER_SERVICE_NAME=backend")...), backend)
			begin := time.Now()
			out := run(ctx, t, tracerEnv(j, append(both, "JAEGER_SERVICE_NAME="+service)...), frontend, append(test.args, "-backend", url)...)
			checkStats(t, out, 4, 2)

			rootTags := []string{"sampler.param:bool=true", "sampler.type:string=const"}
			if test.args != nil {
				rootTags = []string{"sampling.priority:int64=1"}
			}
			want := wantTrace(service, rootTags)
			traces, err := j.Query.Find(ctx, service, func(ts []e2e.Trace) error { return complete(ts, len(want)) })
			if err != nil {
				t.Fatal(err)
			}
			checkTrace(t, traces[0], want, test.flags, begin)
			checkDirect(t, traces[0], "checkout")
			checkStats(t, finish(), 3, 0)
		})
	}
}
