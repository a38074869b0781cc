// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/jaegerkit/jaeger/internal/fetch"
)

// teller logs how a remote sampler fares: failures and the recovery from them,
// and a strategy of another kind, that too once an interval. Other changes,
// which may come with each answer, are for level Debug. Used by one goroutine.
type teller struct {
	fetch.Teller
	changed  time.Time // when a change was told above Debug
	strategy string    // told last
}

func newTeller(logger *slog.Logger) *teller {
	return &teller{Teller: fetch.Teller{
		Logger:    logger,
		Failing:   "jaeger: no sampling strategy from the server, keeping the present one",
		Recovered: "jaeger: the sampling server answers again",
	}}
}

func (t *teller) tell(err error, strategy string) {
	// A handler that panics here would end the host process.
	defer func() { _ = recover() }()
	recovered := t.Tell(err, "strategy", strategy)
	if err != nil {
		return
	}
	before := t.strategy
	t.strategy = strategy
	level := slog.LevelDebug
	if kind(strategy) != kind(before) && (t.changed.IsZero() || time.Since(t.changed) >= fetch.TellInterval) {
		level = slog.LevelInfo
		t.changed = time.Now()
	}
	if !recovered && strategy != before {
		t.Log().Log(context.Background(), level, "jaeger: sampling strategy", "strategy", strategy)
	}
}

// kind is the first word of a sampler's description.
func kind(strategy string) string {
	word, _, _ := strings.Cut(strategy, "(")
	return word
}
