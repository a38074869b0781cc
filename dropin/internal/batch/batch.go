// SPDX-License-Identifier: Apache-2.0

// Package batch sends spans for those who call a transport themselves, rather
// than have a remote reporter do it.
//
//	b := batch.Batch{Sender: sender, Size: 100}
//	n, err := b.Append(record) // sends when there are 100
//	n, err = b.Flush()
//
// What it promises: numbers as jaeger.Transport has them, of spans sent or, with
// an error, of spans lost.
package batch

import (
	"context"
	"errors"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// Batch gathers records of one process. It is used by one goroutine.
type Batch struct {
	Sender  transport.Sender
	Size    int // spans; 1 and less sends each at once
	Timeout time.Duration

	spans []*model.Span
	stats model.ClientStats
}

// Append takes a record, which must not change any more.
func (b *Batch) Append(record *model.Span) (int, error) {
	if record == nil {
		return 0, nil
	}
	var sent int
	var err error
	if len(b.spans) > 0 && b.spans[0].Process != record.Process {
		sent, err = b.Flush()
	}
	b.spans = append(b.spans, record)
	if len(b.spans) < b.Size || err != nil {
		return sent, err
	}
	n, err := b.Flush()
	return sent + n, err
}

// Flush sends what there is.
func (b *Batch) Flush() (int, error) {
	if len(b.spans) == 0 {
		return 0, nil
	}
	spans := b.spans
	b.spans = nil
	return Send(b.Sender, &model.Batch{Process: Process(spans[0]), Spans: spans, Stats: b.stats}, &b.stats, b.Timeout)
}

// Process is the span's, or an empty one.
func Process(s *model.Span) *model.Process {
	if s.Process == nil {
		return &model.Process{}
	}
	return s.Process
}

// Send sends all of b as a reporter does: behind spans that are lost for a reason
// of their own it goes on with the next. stats are added to.
func Send(s transport.Sender, b *model.Batch, stats *model.ClientStats, timeout time.Duration) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	sent, lost := 0, 0
	var failures []error
	for len(b.Spans) > 0 {
		n, err := s.Send(ctx, b)
		n = min(max(n, 0), len(b.Spans))
		sent += n
		b.Spans = b.Spans[n:]
		if err == nil || len(b.Spans) == 0 {
			break
		}
		failures = append(failures, err)
		some, large := len(b.Spans), false
		var partial *transport.Error
		if errors.As(err, &partial) {
			some, large = min(max(partial.Spans, 1), some), partial.Cause == transport.TooLarge
		}
		if large {
			stats.TooLargeDropped += int64(some)
		} else {
			stats.FailedToEmit += int64(some)
		}
		lost += some
		b.Spans = b.Spans[some:]
	}
	if len(failures) > 0 {
		return lost, errors.Join(failures...)
	}
	return sent, nil
}
