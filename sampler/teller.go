// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"context"
	"log/slog"
	"strings"
	"time"
)

// tellInterval is how often failures are told at most.
const tellInterval = 5 * time.Minute

// teller logs how a remote sampler fares: the first failure at once, further
// ones summed up once an interval, the recovery from what was told, and a
// strategy of another kind, that too once an interval. Other changes, which may
// come with each answer, are for level Debug. Used by one goroutine.
type teller struct {
	logger   *slog.Logger // nil means slog.Default() at the time of the line
	last     time.Time    // of a failure told
	changed  time.Time    // when a change was told above Debug
	untold   int          // failures since
	row      int          // failures in a row
	told     bool         // any of the row
	strategy string       // told last
}

func (t *teller) tell(err error, strategy string) {
	// A handler that panics here would end the host process.
	defer func() { _ = recover() }()
	logger := t.logger
	if logger == nil {
		logger = slog.Default()
	}
	if err != nil {
		t.untold++
		t.row++
		now := time.Now()
		if !t.last.IsZero() && now.Sub(t.last) < tellInterval {
			return
		}
		n := t.untold
		t.last, t.untold, t.told = now, 0, true
		logger.Warn("jaeger: no sampling strategy from the server, keeping the present one",
			"error", err, "failures", n, "strategy", strategy)
		return
	}
	before, row, told := t.strategy, t.row, t.told
	t.strategy, t.row, t.told = strategy, 0, false
	level := slog.LevelDebug
	if kind(strategy) != kind(before) && (t.changed.IsZero() || time.Since(t.changed) >= tellInterval) {
		level = slog.LevelInfo
		t.changed = time.Now()
	}
	switch {
	case told:
		logger.Info("jaeger: the sampling server answers again", "failures", row, "strategy", strategy)
	case strategy != before:
		logger.Log(context.Background(), level, "jaeger: sampling strategy", "strategy", strategy)
	}
}

// kind is the first word of a sampler's description.
func kind(strategy string) string {
	word, _, _ := strings.Cut(strategy, "(")
	return word
}
