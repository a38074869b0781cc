// SPDX-License-Identifier: Apache-2.0

package reporter

import (
	"log/slog"
	"time"
)

// warnInterval is how often losses are told at most.
const warnInterval = time.Minute

// warner tells of lost spans: at once the first time, then once an interval
// while more are lost, with the totals. Used by one goroutine.
type warner struct {
	logger *slog.Logger // nil means slog.Default() at the time of the line
	last   time.Time
	told   uint64 // drops told of so far
	err    error  // the newest cause
}

func newWarner(l *slog.Logger) *warner { return &warner{logger: l} }

// note keeps the cause of a loss for the next line.
func (w *warner) note(err error) { w.err = err }

// tell writes a line if more spans were lost and it is time to say so. The
// final call does not wait for the time.
func (w *warner) tell(s Stats, final bool) {
	total := s.Dropped.Total()
	if total == w.told {
		return
	}
	now := time.Now()
	if !final && !w.last.IsZero() && now.Sub(w.last) < warnInterval {
		return
	}
	logger := w.logger
	if logger == nil {
		logger = slog.Default()
	}
	attrs := []any{
		"dropped", total - w.told, "dropped_total", total, "sent_total", s.Sent,
		"queue_full", s.Dropped.QueueFull, "too_large", s.Dropped.TooLarge, "encode", s.Dropped.Encode,
		"transport", s.Dropped.Transport, "closed", s.Dropped.Closed,
	}
	if w.err != nil {
		attrs = append(attrs, "error", w.err)
	}
	w.last, w.told, w.err = now, total, nil
	// A handler that panics here would end the host process.
	defer func() { _ = recover() }()
	logger.Warn("jaeger: spans lost", attrs...)
}
