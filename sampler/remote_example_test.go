// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

func ExampleNewRemote() {
	s, err := sampler.NewRemote("checkout",
		sampler.WithServer("http://127.0.0.1:5778/sampling"),
		sampler.WithInterval(30*time.Second),
		sampler.WithInitial(sampler.NewConst(false)),
		sampler.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close() // a tracer made with jaeger.WithSampler(s) does that
	fmt.Println(s.Sample(model.TraceID{Low: 1}, "GET /").Sample)
	// Output: false
}

// Strategies may come from anywhere, in the JSON that Jaeger's servers write.
func ExampleWithFetcher() {
	asked := make(chan struct{}, 1)
	file := func(context.Context) ([]byte, error) {
		select {
		case asked <- struct{}{}:
		default:
		}
		return []byte(`{"probabilisticSampling": {"samplingRate": 0.25}}`), nil
	}
	s, err := sampler.NewRemote("checkout", sampler.WithFetcher(file), sampler.WithInterval(time.Millisecond),
		sampler.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	for range 3 { // a question means that the one before it was dealt with
		<-asked
	}
	fmt.Println(s)
	// Output: remote(probabilistic(0.25))
}

func ExampleNewGuaranteed() {
	s, err := sampler.NewGuaranteed(0.001, 0.1) // one in a thousand, and one every ten seconds
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		d := s.Sample(model.TraceID{Low: 0x7000000000000000}, "GET /")
		fmt.Println(d.Sample, len(d.Tags.List()))
	}
	// Output:
	// true 2
	// false 2
}

func ExampleNewPerOperation() {
	s, err := sampler.NewPerOperation(sampler.Strategies{
		DefaultRate: 0.01,
		LowerBound:  0.5,
		Operations:  []sampler.OperationRate{{Operation: "POST /order", Rate: 1}},
	}, sampler.DefaultMaxOperations)
	if err != nil {
		fmt.Println(err)
		return
	}
	id := model.TraceID{Low: 0x7000000000000000}
	for _, operation := range []string{"POST /order", "GET /", "GET /"} {
		fmt.Println(operation, s.Sample(id, operation).Sample)
	}
	// Output:
	// POST /order true
	// GET / true
	// GET / false
}
