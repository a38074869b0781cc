// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"errors"
	"log/slog"
	"time"
)

// TellInterval is how often failures are told at most.
const TellInterval = 5 * time.Minute

// Teller logs how a Loop fares: the first failure at once, further ones summed
// up once an interval, and the recovery from what was told; that a server has no
// such endpoint when it turns out. Used by one goroutine.
type Teller struct {
	Logger *slog.Logger // nil means slog.Default() at the time of the line
	// The lines.
	Failing, Recovered, Absent string

	last     time.Time // of a failure told
	lacked   time.Time // when Absent was told
	lacking  bool      // the newest answer
	untold   int       // failures since last
	row      int       // failures in a row
	wasTold  bool      // any of the row
	lackTold bool      // since the last good answer
}

// Log is the logger to use for a further line.
func (t *Teller) Log() *slog.Logger {
	if t.Logger == nil {
		return slog.Default()
	}
	return t.Logger
}

// Tell takes the outcome of a question, and tells with args what is worth a
// line. It reports whether it told of a recovery. Of a handler that panics
// nobody hears: it would end the host process.
func (t *Teller) Tell(err error, args ...any) (recovered bool) {
	defer func() { _ = recover() }()
	now := time.Now()
	switch {
	case errors.Is(err, ErrAbsent):
		if t.lacking {
			return false
		}
		t.lacking = true
		if t.lacked.IsZero() || now.Sub(t.lacked) >= TellInterval {
			t.lacked, t.lackTold = now, true
			t.Log().Info(t.Absent, append([]any{"error", err}, args...)...)
		}
	case err != nil:
		t.untold++
		t.row++
		if !t.last.IsZero() && now.Sub(t.last) < TellInterval {
			return false
		}
		n := t.untold
		t.last, t.untold, t.wasTold = now, 0, true
		t.Log().Warn(t.Failing, append([]any{"error", err, "failures", n}, args...)...)
	default:
		row := t.row
		recovered = t.wasTold || t.lackTold
		t.row, t.wasTold, t.lacking, t.lackTold = 0, false, false, false
		if recovered {
			t.Log().Info(t.Recovered, append([]any{"failures", row}, args...)...)
		}
	}
	return recovered
}
