// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"fmt"
	"strings"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

func ExampleNewProbabilistic() {
	s, err := sampler.NewProbabilistic(0.25)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, low := range []uint64{0x1000000000000000, 0x5000000000000000} {
		id := model.TraceID{Low: low}
		fmt.Println(id, s.Sample(id, "GET /").Sample)
	}
	_, err = sampler.NewProbabilistic(25)
	fmt.Println(err)
	// Output:
	// 1000000000000000 true
	// 5000000000000000 false
	// sampling rate 25: want a probability from 0 to 1
}

func ExampleNewRateLimiting() {
	s, err := sampler.NewRateLimiting(0.5) // one trace every two seconds
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		fmt.Println(s.Sample(model.TraceID{Low: 1}, "GET /").Sample)
	}
	// Output:
	// true
	// false
	// false
}

// probes leaves health checks out and asks another sampler about the rest.
type probes struct{ rest sampler.Sampler }

func (p probes) Sample(id model.TraceID, operation string) sampler.Decision {
	if strings.HasPrefix(operation, "health") {
		return sampler.Decision{}
	}
	return p.rest.Sample(id, operation)
}

// A sampler of one's own is one method.
func ExampleSampler() {
	var s sampler.Sampler = probes{sampler.NewConst(true)}
	fmt.Println(s.Sample(model.TraceID{Low: 1}, "healthz").Sample)
	fmt.Println(s.Sample(model.TraceID{Low: 1}, "GET /").Sample)
	// Output:
	// false
	// true
}
