// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"log/slog"
	"sync"
	"time"
)

// quiet logs at most one line per message and minute, with how often it was
// asked to since the last one: a peer that is away must not flood a log. Its
// methods are safe from any goroutine.
type quiet struct {
	to  *slog.Logger // nil for silence
	now func() time.Time

	mu   sync.Mutex
	seen map[string]*muted
}

type muted struct {
	last  time.Time // of a line; zero before the first
	count int
}

const quietFor = time.Minute

// warn counts one occurrence of message, which is one of a few constants, and
// logs it when a minute has passed since it was logged last.
func (q *quiet) warn(message string, args ...slog.Attr) {
	if q.to == nil {
		return
	}
	times := q.count(message)
	if times == 0 {
		return
	}
	// A logger that panics must not take the program with it.
	defer func() { _ = recover() }()
	line := make([]any, 0, len(args)+1)
	for _, a := range args {
		line = append(line, a)
	}
	q.to.Warn("jaeger: "+message, append(line, slog.Int("times", times))...)
}

// count returns how many occurrences a line logged now stands for, 0 for none.
func (q *quiet) count(message string) (times int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.seen == nil {
		q.seen = make(map[string]*muted)
	}
	m := q.seen[message]
	if m == nil {
		m = &muted{}
		q.seen[message] = m
	}
	m.count++
	now := q.now()
	if !m.last.IsZero() && now.Sub(m.last) < quietFor {
		return 0
	}
	times, m.count, m.last = m.count, 0, now
	return times
}
