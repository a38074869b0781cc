// SPDX-License-Identifier: Apache-2.0

package baggage

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jaegerkit/jaeger/internal/fetch"
)

// Remote allows the keys that a Jaeger agent lists, on
//
//	GET http://host:port/baggageRestrictions?service=checkout
//
// which answers [{"baggageKey":"user","maxValueLength":64}]. It asks at once and
// then at an interval, on one goroutine of its own, and goes on with the last
// list for as long as there is no other. Until there is one, it asks again after
// a second, two, four and so on up to the interval; later failures stretch the
// interval, up to four times.
//
// Until there is one, all keys are allowed, with values of up to
// DefaultMaxValueLength bytes, and with WithDenyUntilFirstAnswer none. All are
// allowed, too, where the server says that it has no such list (status 404 or
// 501, 500 with "not implemented" as the agent of Jaeger 1, or an object in
// place of a list as Jaeger 2), which is any released Jaeger.
type Remote struct {
	current atomic.Pointer[rules]
	loop    *fetch.Loop
}

// rules are what an answer says, never changed once in force.
type rules struct {
	lengths map[string]int
	others  bool // allowed, too
}

// RemoteStats count since NewRemote.
type RemoteStats struct {
	// Answers in force, and questions that brought none: no answer, one that
	// makes no sense, or the answer that there is no such list.
	UpdatesOK, UpdatesFailed uint64
	// Failures in a row up to now; 0 when the last question went well.
	Failures uint64
	// LastError is the newest failure, also after a recovery; nil if there was none.
	LastError error
	// Updated is when a server last confirmed or changed the list in force; zero
	// without one.
	Updated time.Time
	// Absent tells that the server has no such list, as of the last question.
	Absent bool
	// Restricted tells whether keys that are not listed are refused.
	Restricted bool
	// Keys is how many are listed.
	Keys int
}

// NewRemote starts a restrictor for the named service. It does not wait for the
// server. Close, which the tracer calls, ends its goroutine. The error names
// every option that cannot be used.
func NewRemote(service string, opts ...RemoteOption) (*Remote, error) {
	o := remoteOptions{server: DefaultServer, interval: DefaultInterval, timeout: DefaultFetchTimeout}
	var errs []error
	if service == "" {
		errs = append(errs, errors.New("service name is empty"))
	}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(&o); err != nil {
			errs = append(errs, err)
		}
	}
	server, err := fetch.NewServer("baggage restrictions server", o.server, "/baggageRestrictions", service, o.client)
	if err != nil {
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("remote baggage restrictions: %w", err)
	}
	r := &Remote{}
	r.current.Store(&rules{others: !o.deny})
	teller := &fetch.Teller{
		Logger:    o.logger,
		Failing:   "jaeger: no baggage restrictions from the server, keeping the present ones",
		Recovered: "jaeger: the server answers with baggage restrictions again",
		Absent:    "jaeger: the server has no baggage restrictions, keeping the present ones",
	}
	r.loop = fetch.Start(fetch.Task{
		Interval: o.interval, Timeout: o.timeout, Use: r.use,
		Fetch: func(ctx context.Context) ([]byte, error) {
			body, err := server.Get(ctx, nil)
			return body, fetch.Absent(err)
		},
		Tell: func(err error) {
			r.settle(err)
			s := r.current.Load()
			teller.Tell(err, "keys", len(s.lengths), "others", s.others)
			o.tellPolled(err)
		},
	})
	return r, nil
}

func (r *Remote) use(body []byte) error {
	lengths, err := parseAnswer(body)
	if err != nil {
		return err
	}
	r.current.Store(&rules{lengths: lengths})
	return nil
}

// settle ends the wait for a first list that will not come.
func (r *Remote) settle(err error) {
	if errors.Is(err, fetch.ErrAbsent) && r.current.Load().lengths == nil {
		r.current.Store(&rules{others: true})
	}
}

// Restriction implements Restrictor: an atomic load and, with a list, a look
// into a map. It goes on to work after Close.
func (r *Remote) Restriction(key string) (allowed bool, maxValueLength int) {
	s := r.current.Load()
	if s == nil || s.others { // the zero Remote knows of no restriction
		return true, DefaultMaxValueLength
	}
	maxValueLength, allowed = s.lengths[key]
	return allowed, maxValueLength
}

// Stats returns the counts as of now.
func (r *Remote) Stats() RemoteStats {
	s := r.loop.Stats()
	stats := RemoteStats{
		UpdatesOK: s.UpdatesOK, UpdatesFailed: s.QueriesFailed + s.UpdatesFailed,
		Failures: s.Failures, LastError: s.LastError, Updated: s.Updated, Absent: s.Absent,
	}
	if now := r.current.Load(); now != nil {
		stats.Restricted, stats.Keys = !now.others, len(now.lengths)
	}
	return stats
}

// Close ends the asking, in the middle of a question if need be, and leaves the
// list in force. Several calls are fine. With a client of the user's that does
// not mind its context, it gives up after a second, with an error.
func (r *Remote) Close() error {
	if err := r.loop.Close(); err != nil {
		return fmt.Errorf("remote baggage restrictions: %w", err)
	}
	return nil
}
