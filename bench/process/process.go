// SPDX-License-Identifier: Apache-2.0

// Package process measures whole processes: an emitter that makes spans with one
// peer at a fixed rate, and a sink, a process of its own, that decodes and
// counts what arrives.
//
//	result, err := process.Run(ctx, process.Plan{
//		Peer: peer.House, Shape: workload.Standard, Rate: 50_000, Duration: 2 * time.Second,
//	})
//	fmt.Println(result.CPUPerSpan(), result.Lost())
//
// What it promises: processor time is that of all threads of the emitter, from
// the first span to the end of Close, so what a client does in the background is
// on its bill; setting up the client is not. Every peer is paced by the same
// loop. Spans come in traces of four: a root and its three children.
package process

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/jaegerkit/jaeger/bench/measure"
	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/sink"
	"github.com/jaegerkit/jaeger/bench/workload"
)

// Plan is one run of an emitter.
type Plan struct {
	Peer     string
	Shape    workload.Shape
	Rate     int // spans a second; 0 is as fast as one goroutine can
	Duration time.Duration
	Queue    int           // spans the client may hold back; 0 is its default
	Tick     time.Duration // between bursts; 0 is LeastTick
}

// Emitted is what the emitter says of itself.
type Emitted struct {
	Started int64         `json:"started"` // spans started and finished
	Warm    int64         `json:"warm"`    // those of them before the cost was counted
	Sent    int64         `json:"sent"`    // by the client's own count, -1 if it has none
	Took    time.Duration `json:"took"`    // of the loop, without Close
	Cost    measure.Cost  `json:"cost"`    // of the loop and Close, in total
	Peak    int64         `json:"peak"`    // largest resident set, bytes
	P50     time.Duration `json:"p50"`     // of all calls for one trace of four spans
	P99     time.Duration `json:"p99"`
}

// Result is what both sides of a run saw.
type Result struct {
	Plan      Plan
	Emitted   Emitted
	Delivered int64 // spans the sink decoded
}

// CPUPerSpan returns nanoseconds of processor time for each span delivered, or
// started where nothing is to be delivered.
func (r *Result) CPUPerSpan() float64 {
	counted := float64(r.Emitted.Started-r.Emitted.Warm) / float64(max(r.Emitted.Started, 1))
	return r.Emitted.Cost.CPU / max(float64(r.Delivered)*counted, 1)
}

// LostByClient returns how many spans never left the client: with UDP by its own
// count, with HTTP, where the peer answers, by what arrived.
func (r *Result) LostByClient() int64 {
	if r.Emitted.Sent < 0 {
		return r.Emitted.Started - r.Delivered
	}
	return r.Emitted.Started - r.Emitted.Sent
}

// LostOnTheWay returns how many spans left the client and did not arrive.
func (r *Result) LostOnTheWay() int64 {
	if r.Emitted.Sent < 0 {
		return 0
	}
	return r.Emitted.Sent - r.Delivered
}

// Run starts both processes from this program's own executable, whose main calls
// Main for their arguments.
func Run(ctx context.Context, p Plan) (Result, error) {
	r := Result{Plan: p}
	info, err := peer.ByName(p.Peer)
	if err != nil {
		return r, err
	}
	self, err := os.Executable()
	if err != nil {
		return r, err
	}
	ctx, cancel := context.WithTimeout(ctx, p.Duration+time.Minute)
	defer cancel()
	args := []string{"emit", "-peer", p.Peer, "-shape", p.Shape.Name, "-rate", strconv.Itoa(p.Rate),
		"-duration", p.Duration.String(), "-queue", strconv.Itoa(p.Queue), "-tick", cmp.Or(p.Tick, LeastTick).String()}
	if info.Sink == peer.None {
		r.Emitted, err = emitter(ctx, self, args)
		r.Delivered = r.Emitted.Started
		return r, err
	}
	counter, err := startCounter(ctx, self, info.Sink)
	if err != nil {
		return r, err
	}
	r.Emitted, err = emitter(ctx, self, append(args, "-to", counter.addr))
	if err != nil {
		_, _ = counter.stop(0)
		return r, err
	}
	want := r.Emitted.Sent
	if want < 0 {
		want = r.Emitted.Started
	}
	r.Delivered, err = counter.stop(want)
	return r, err
}

func emitter(ctx context.Context, self string, args []string) (e Emitted, err error) {
	cmd := exec.CommandContext(ctx, self, args...)
	out, err := cmd.Output()
	if err != nil {
		return e, fmt.Errorf("emitter %s: %w%s", strings.Join(args, " "), err, said(err))
	}
	if err := json.Unmarshal(out, &e); err != nil {
		return e, fmt.Errorf("emitter's answer %q: %w", out, err)
	}
	return e, nil
}

func said(err error) string {
	if exit, ok := err.(*exec.ExitError); ok && len(exit.Stderr) > 0 {
		return ": " + strings.TrimSpace(string(exit.Stderr))
	}
	return ""
}

// counter is the sink's process: it writes its address, reads how many spans to
// wait for, and writes how many came.
type counter struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	addr string
}

func startCounter(ctx context.Context, self string, kind peer.Sink) (*counter, error) {
	c := &counter{cmd: exec.CommandContext(ctx, self, "sink", "-kind", string(kind))}
	c.cmd.Stderr = os.Stderr
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("sink: %w", err)
	}
	line, err := c.out.ReadString('\n')
	if err != nil {
		c.in.Close()
		return nil, fmt.Errorf("sink's address: %w", err)
	}
	c.addr = strings.TrimSpace(line)
	return c, nil
}

func (c *counter) stop(want int64) (got int64, err error) {
	fmt.Fprintln(c.in, want)
	_, scanErr := fmt.Fscanln(c.out, &got)
	c.in.Close()
	if err := c.cmd.Wait(); err != nil {
		return got, fmt.Errorf("sink: %w", err)
	}
	return got, scanErr
}

// count is the sink's process.
func count(kind peer.Sink, in io.Reader, out io.Writer) error {
	s, err := sink.Start(kind)
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Fprintln(out, s.Addr())
	var want int64
	if _, err := fmt.Fscanln(in, &want); err != nil {
		return nil // the other side has gone
	}
	fmt.Fprintln(out, sink.Wait(context.Background(), s, want))
	return s.Err()
}
