// SPDX-License-Identifier: Apache-2.0

package reporter_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/transport"
)

var errRefused = errors.New("refused")

func tooLarge(n int) error {
	return &transport.Error{Cause: transport.TooLarge, Spans: n, Err: errRefused}
}

func encode(n int) error {
	return &transport.Error{Cause: transport.Encode, Spans: n, Err: errRefused}
}

// treacherous panics when it is asked what it is.
type treacherous struct{}

func (treacherous) As(any) bool   { panic("in As") }
func (treacherous) Error() string { panic("in Error") }

// TestOutcomes: one batch of 10 spans meets a sender that answers in its own
// way; afterwards it delivers.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	var nilError *transport.Error
	for _, test := range []struct {
		name string
		n    int
		err  error
		want reporter.Stats // of the first 10
		text string         // in the line that tells of it
	}{
		{"all", 10, nil, reporter.Stats{Sent: 10}, ""},
		{"all, with an error", 10, errRefused, reporter.Stats{Sent: 10}, ""},
		{"none", 0, errRefused, reporter.Stats{Dropped: reporter.Dropped{Transport: 10}}, "refused"},
		{"some", 4, errRefused, reporter.Stats{Sent: 4, Dropped: reporter.Dropped{Transport: 6}}, "refused"},
		{"some, then one too large", 4, tooLarge(1), reporter.Stats{Sent: 9, Dropped: reporter.Dropped{TooLarge: 1}}, "1 spans lost: refused"},
		{"two not encoded", 0, encode(2), reporter.Stats{Sent: 8, Dropped: reporter.Dropped{Encode: 2}}, "2 spans lost: refused"},
		{"one lost on the way", 9, &transport.Error{Spans: 1, Err: errRefused}, reporter.Stats{Sent: 9, Dropped: reporter.Dropped{Transport: 1}}, "1 spans lost"},
		{"wrapped", 3, fmt.Errorf("packet 7: %w", tooLarge(3)), reporter.Stats{Sent: 7, Dropped: reporter.Dropped{TooLarge: 3}}, "packet 7"},
		{"cause unknown", 3, &transport.Error{Cause: 99, Spans: 3, Err: errRefused}, reporter.Stats{Sent: 7, Dropped: reporter.Dropped{Transport: 3}}, "refused"},
		{"lost none", 3, tooLarge(0), reporter.Stats{Sent: 9, Dropped: reporter.Dropped{TooLarge: 1}}, "refused"},
		{"lost less than none", 3, tooLarge(-5), reporter.Stats{Sent: 9, Dropped: reporter.Dropped{TooLarge: 1}}, "refused"},
		{"lost more than there are", 3, encode(1000), reporter.Stats{Sent: 3, Dropped: reporter.Dropped{Encode: 7}}, "refused"},
		{"lost most of all", 3, encode(math.MaxInt), reporter.Stats{Sent: 3, Dropped: reporter.Dropped{Encode: 7}}, "refused"},
		{"short without an error", 3, nil, reporter.Stats{Sent: 3, Dropped: reporter.Dropped{Transport: 7}}, "the transport left 7 spans without saying why"},
		{"less than none", -1, errRefused, reporter.Stats{Dropped: reporter.Dropped{Transport: 10}}, "refused"},
		{"least of all", math.MinInt, nil, reporter.Stats{Dropped: reporter.Dropped{Transport: 10}}, "the transport left 10 spans without saying why"},
		{"more than there are", 1000, nil, reporter.Stats{Sent: 10}, ""},
		{"most of all", math.MaxInt, errRefused, reporter.Stats{Sent: 10}, ""},
		{"nil that is not", 2, nilError, reporter.Stats{Sent: 2, Dropped: reporter.Dropped{Transport: 8}}, ""},
		{"treacherous", 2, treacherous{}, reporter.Stats{Dropped: reporter.Dropped{Transport: 10}}, "panic in the transport: in As"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			told := &lines{}
			first := true
			s := &sender{send: func(_ context.Context, b *model.Batch) (int, error) {
				if first {
					first = false
					return test.n, test.err
				}
				return len(b.Spans), nil
			}}
			// In one shard, so that the ten come as one batch.
			r := newRemote(t, s, reporter.WithFlushInterval(time.Hour), reporter.WithQueueSize(100), reporter.WithLogger(slog.New(told)))
			for id := range model.SpanID(10) {
				r.Report(newSpan(id))
			}
			flush(t, r)
			test.want.Reported = 10
			if got := r.Stats(); got != test.want {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
			got := told.take()
			if wantLines := min(test.want.Dropped.Total(), 1); len(got) != int(wantLines) {
				t.Fatalf("got lines %v, want %d", got, wantLines)
			}
			if test.text != "" && !strings.Contains(fmt.Sprint(got[0]["error"]), test.text) {
				t.Errorf("got %v, want an error with %q", got[0]["error"], test.text)
			}
			r.Report(newSpan(11))
			flush(t, r)
			if got := r.Stats(); got.Sent != test.want.Sent+1 {
				t.Errorf("got %+v after another span, want it sent", got)
			}
		})
	}
}

func TestPanickingSender(t *testing.T) {
	t.Parallel()
	for _, value := range []any{"boom", errRefused, treacherous{}, nil} {
		told := &lines{}
		s := &sender{send: func(context.Context, *model.Batch) (int, error) { panic(value) }}
		r := newRemote(t, s, reporter.WithFlushInterval(time.Hour), reporter.WithLogger(slog.New(told)))
		for id := range model.SpanID(3) {
			r.Report(newSpan(id))
			flush(t, r)
		}
		want := reporter.Stats{Reported: 3, Dropped: reporter.Dropped{Transport: 3}}
		if got := r.Stats(); got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if got := fmt.Sprint(told.take()[0]["error"]); !strings.Contains(got, "panic in the transport: ") || !strings.Contains(got, "deliver_test.go") {
			t.Errorf("got %s, want the panic and where it was", got)
		}
	}
}
