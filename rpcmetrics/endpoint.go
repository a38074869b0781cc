// SPDX-License-Identifier: Apache-2.0

package rpcmetrics

import (
	"time"

	lib "github.com/uber/jaeger-lib/metrics"
)

// endpoint holds the eight series of one endpoint.
type endpoint struct {
	requests  [2]lib.Counter // good, bad
	latency   [2]lib.Timer
	responses [4]lib.Counter // 2xx to 5xx
}

// newEndpoint makes all of them, so that each stands at zero from the first
// request on. One that the factory fails to make counts nowhere.
func newEndpoint(factory lib.Factory, name string) *endpoint {
	e := &endpoint{}
	for i, failed := range []string{"false", "true"} {
		tags := func() map[string]string { return map[string]string{"endpoint": name, "error": failed} }
		e.requests[i] = counter(factory, lib.Options{Name: "requests", Tags: tags(),
			Help: "Requests answered, by outcome."})
		e.latency[i] = timer(factory, lib.TimerOptions{Name: "request_latency", Tags: tags(),
			Help: "Time from the start to the end of a request, by outcome."})
	}
	for i, class := range []string{"2xx", "3xx", "4xx", "5xx"} {
		e.responses[i] = counter(factory, lib.Options{Name: "http_requests",
			Tags: map[string]string{"endpoint": name, "status_code": class},
			Help: "HTTP requests answered, by class of status code."})
	}
	return e
}

// count takes one finished request; status is 0 where none was given.
func (e *endpoint) count(failed bool, latency time.Duration, status int) {
	i := 0
	if failed {
		i = 1
	}
	e.requests[i].Inc(1)
	e.latency[i].Record(latency)
	if class := status/100 - 2; status >= 200 && class < len(e.responses) {
		e.responses[class].Inc(1)
	}
}

func counter(factory lib.Factory, o lib.Options) lib.Counter {
	made := lib.NullCounter
	contain(func() {
		if c := factory.Counter(o); c != nil {
			made = c
		}
	})
	return made
}

func timer(factory lib.Factory, o lib.TimerOptions) lib.Timer {
	made := lib.NullTimer
	contain(func() {
		if t := factory.Timer(o); t != nil {
			made = t
		}
	})
	return made
}

// contain keeps a panic of the user's factory, such as Prometheus' over a name
// registered twice, from the request that met an endpoint first.
func contain(call func()) {
	defer func() { _ = recover() }()
	call()
}
