// SPDX-License-Identifier: Apache-2.0

// Package replaced measures the drop-in: jaeger-client-go's packages over this
// library. It has the module path of the original, which is one of the peers, so
// it is measured by a program of another module, bench/dropin.
//
//	cases, err := replaced.Measure(ctx, 5, 80*time.Millisecond)
//	for _, c := range cases {
//		fmt.Println(c.Name, c.Ratio())
//	}
//
// What it promises: the drop-in and the native API take turns in one process,
// over the same values.
package replaced

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/jaegerkit/jaeger/bench/measure"
)

// Case is one kind of span, with the costs of each round.
type Case struct {
	Name           string
	Native, DropIn []measure.Cost
}

// Ratio is the drop-in's time by the native API's, the median over the rounds.
func (c *Case) Ratio() float64 { return measure.MedianRatio(wall(c.DropIn), wall(c.Native)) }

// Wall and Allocs are the drop-in's medians.
func (c *Case) Wall() float64 { return measure.Median(wall(c.DropIn)) }

// Allocs is how many there are for a span.
func (c *Case) Allocs() float64 {
	var list []float64
	for _, cost := range c.DropIn {
		list = append(list, cost.Allocs)
	}
	return measure.Median(list)
}

func wall(costs []measure.Cost) (list []float64) {
	for _, c := range costs {
		list = append(list, c.Wall)
	}
	return list
}

// Measure must run inside the folder bench, with the go command at hand.
func Measure(ctx context.Context, rounds int, target time.Duration) ([]Case, error) {
	cmd := exec.CommandContext(ctx, "go", "run", ".", "-rounds", fmt.Sprint(rounds), "-target", target.String())
	cmd.Dir = "dropin"
	// Each round begins with a collection, behind which the runtime gives memory back to the
	// system that the spans then take again, page by page: with that the ratio of the same
	// two programs was 1.19 to 1.39 from run to run, without 1.16 to 1.20.
	cmd.Env = append(os.Environ(), "GODEBUG=madvdontneed=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("bench/dropin: %w\n%s", err, stderr.Bytes())
	}
	var cases []Case
	if err := json.Unmarshal(out, &cases); err != nil {
		return nil, fmt.Errorf("bench/dropin: %w", err)
	}
	return cases, nil
}
