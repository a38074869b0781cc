// SPDX-License-Identifier: Apache-2.0

// Command dropin measures spans made through the drop-in beside the same spans
// made through the native API, in turns and in one process, and prints the
// nanoseconds and allocations of each round as JSON. The program above it in the
// tree runs it and judges.
//
//	go run . -rounds 5 -target 80ms
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"
	old "github.com/uber/jaeger-client-go"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/bench/measure"
	"github.com/jaegerkit/jaeger/bench/workload"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
)

// Case is one line of the output.
type Case struct {
	Name           string
	Native, DropIn []measure.Cost // one for each round
}

// serviceHeap is held while the spans are made, as in the package micro: with the
// few megabytes of this program the collector would run all the time.
const serviceHeap = 64 << 20

func main() {
	heap := make([]byte, serviceHeap)
	defer runtime.KeepAlive(heap)
	rounds := flag.Int("rounds", 5, "rounds")
	target := flag.Duration("target", 80*time.Millisecond, "length of one run; 0 is a few spans, untimed")
	flag.Parse()
	var cases []Case
	for _, c := range []struct {
		name    string
		sampled bool
		shape   workload.Shape
	}{{"unsampled", false, workload.Tagged}, {"sampled", true, workload.Standard}} {
		measured, err := run(c.name, c.sampled, c.shape.Data(), *rounds, *target)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		cases = append(cases, measured)
	}
	if err := json.NewEncoder(os.Stdout).Encode(cases); err != nil {
		os.Exit(1)
	}
}

func run(name string, sampled bool, data *workload.Data, rounds int, target time.Duration) (Case, error) {
	native, err := jaeger.New("bench", reporter.NewDiscard(), jaeger.WithSampler(sampler.NewConst(sampled)))
	if err != nil {
		return Case{}, err
	}
	defer native.Close()
	replaced, closer := old.NewTracer("bench", old.NewConstSampler(sampled), old.NewNullReporter())
	defer closer.Close()

	c := Case{Name: name}
	w := &work{data: data, fields: fields(data)}
	n := 3
	if target > 0 {
		for n = 1024; ; n *= 2 {
			if took := w.spans(native, n); took > target/4 {
				n = max(1, int(float64(n)*float64(target)/float64(took)))
				break
			}
		}
		w.spans(replaced, n/4)
	}
	for range rounds {
		for _, one := range []struct {
			tracer opentracing.Tracer
			to     *[]measure.Cost
		}{{native, &c.Native}, {replaced, &c.DropIn}} {
			runtime.GC()
			before := measure.Now()
			w.spans(one.tracer, n)
			*one.to = append(*one.to, measure.Now().Sub(before).Per(n))
		}
	}
	return c, nil
}

// work makes spans; i goes on counting, so that the values change.
type work struct {
	data   *workload.Data
	fields [][][]log.Field
	i      int
}

func (w *work) spans(tracer opentracing.Tracer, n int) time.Duration {
	start := time.Now()
	for range n {
		set := w.data.Set(w.i)
		s := tracer.StartSpan(w.data.Name(w.i))
		for t := range set.Tags {
			s.SetTag(set.Tags[t].Key, set.Tags[t].Value)
		}
		for _, fs := range w.fields[uint(w.i)%workload.Sets] {
			s.LogFields(fs...)
		}
		s.Finish()
		w.i++
	}
	return time.Since(start)
}

func fields(data *workload.Data) (all [][][]log.Field) {
	for i := range data.Sets {
		var logs [][]log.Field
		for _, tags := range data.Sets[i].Logs {
			var fs []log.Field
			for _, f := range tags {
				switch v := f.Value.(type) {
				case string:
					fs = append(fs, log.String(f.Key, v))
				case int:
					fs = append(fs, log.Int(f.Key, v))
				}
			}
			logs = append(logs, fs)
		}
		all = append(all, logs)
	}
	return all
}
