// SPDX-License-Identifier: Apache-2.0

package process

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime/pprof"
	"time"

	"github.com/jaegerkit/jaeger/bench/measure"
	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/workload"
)

const (
	traceSpans = 4  // a root and its children
	timeEvery  = 16 // of so many traces the calls of one are timed

	// An unbounded emitter stops after so many bytes: what the sink's agent
	// lets wait for its decoder is bounded too, and this is about the client.
	mostBytes = 96 << 20
)

// Main runs the two processes that Run starts, by their arguments. It reports
// false where args mean neither.
func Main(args []string) (mine bool, err error) {
	if len(args) == 0 {
		return false, nil
	}
	switch args[0] {
	case "sink":
		f := flag.NewFlagSet("sink", flag.ContinueOnError)
		kind := f.String("kind", string(peer.UDP), "`kind` of sink: udp, otlp or zipkin")
		if err := f.Parse(args[1:]); err != nil {
			return true, err
		}
		return true, count(peer.Sink(*kind), os.Stdin, os.Stdout)
	case "emit":
		p, to, profile, err := parseEmit(args[1:])
		if err != nil {
			return true, err
		}
		if profile != "" {
			stop, err := startProfile(profile)
			if err != nil {
				return true, err
			}
			defer stop()
		}
		e, err := emit(p, to)
		if err != nil {
			return true, err
		}
		return true, json.NewEncoder(os.Stdout).Encode(e)
	}
	return false, nil
}

func parseEmit(args []string) (p Plan, to, profile string, err error) {
	f := flag.NewFlagSet("emit", flag.ContinueOnError)
	shape := f.String("shape", workload.Standard.Name, "`name` of the spans' shape")
	f.StringVar(&p.Peer, "peer", peer.House, "`name` of the client")
	f.StringVar(&to, "to", "", "`host:port` of the sink; nothing is sent without one")
	f.IntVar(&p.Rate, "rate", 50_000, "spans a second; 0 is as fast as one goroutine can")
	f.DurationVar(&p.Duration, "duration", 2*time.Second, "how long")
	f.DurationVar(&p.Tick, "tick", LeastTick, "pause between bursts")
	f.IntVar(&p.Queue, "queue", 0, "spans the client may hold back; 0 is its default")
	f.StringVar(&profile, "cpuprofile", "", "write a profile to this `file`; it costs time itself")
	if err := f.Parse(args); err != nil {
		return p, to, profile, err
	}
	p.Shape, err = workload.ByName(*shape)
	return p, to, profile, err
}

func startProfile(name string) (stop func(), err error) {
	file, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		file.Close()
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		file.Close()
	}, nil
}

// emit is the emitter's process. Everything that is prepared, is so before the
// first reading.
func emit(p Plan, to string) (e Emitted, err error) {
	info, err := peer.ByName(p.Peer)
	if err != nil {
		return e, err
	}
	client, err := info.New(peer.Config{Data: p.Shape.Data(), Sampled: true, To: to, Queue: p.Queue})
	if err != nil {
		return e, fmt.Errorf("peer %q: %w", p.Peer, err)
	}
	var calls measure.Histogram
	trace := func(i int) {
		if i%timeEvery != 0 {
			client.Wide(traceSpans*i, traceSpans-1)
			return
		}
		start := time.Now()
		client.Wide(traceSpans*i, traceSpans-1)
		calls.Add(time.Since(start))
	}

	// A process that has just started takes its memory from the system page by
	// page, which on a virtual machine can cost more than all else it does. What
	// is counted begins when that is over.
	var warm int
	if p.Rate > 0 {
		warm = paced(p.Rate, traceSpans, p.Tick, p.Duration/2, trace)
		e.Warm = int64(warm) * traceSpans
	}
	before := measure.Now()
	start := time.Now()
	var traces int
	if p.Rate > 0 {
		traces = warm + paced(p.Rate, traceSpans, p.Tick, p.Duration, func(i int) { trace(warm + i) })
	} else {
		most := mostBytes / (100 + p.Shape.Tags*(p.Shape.ValueBytes+15) + p.Shape.Logs*(p.Shape.ValueBytes+30)) / traceSpans
		for ; traces < most && (traces%64 != 0 || time.Since(start) < p.Duration); traces++ {
			trace(traces)
		}
	}
	e.Took = time.Since(start)
	if err := client.Close(); err != nil {
		return e, fmt.Errorf("peer %q: close: %w", p.Peer, err)
	}
	e.Cost = measure.Now().Sub(before)
	e.Started = int64(traces) * traceSpans
	e.Sent = client.Sent()
	e.Peak = measure.PeakMemory()
	e.P50, e.P99 = calls.Quantile(0.5), calls.Quantile(0.99)
	if p.Peer == peer.Idle {
		e.Sent = e.Started
	}
	return e, nil
}
