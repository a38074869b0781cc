// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jaegerkit/jaeger/internal/fetch"
	"github.com/jaegerkit/jaeger/model"
)

// Remote samples as a Jaeger agent, collector or other sampling server says. It
// asks at once and then at an interval, on one goroutine of its own, and goes on
// with the last good strategy for as long as there is no other. Until there is
// one, it asks again after a second, two, four and so on up to the interval;
// later failures stretch the interval, up to four times.
type Remote struct {
	current atomic.Pointer[inForce]

	// Of the goroutine.
	succession succession
	fetched    bool // the question under way has an answer

	loop    *fetch.Loop
	initial Sampler
	once    sync.Once
	err     error // of closing the initial sampler; to be read after once
}

// inForce lets any sampler hang on one atomic pointer.
type inForce struct{ Sampler }

// RemoteStats count since NewRemote. A question is counted once its answer is
// complete or failed, an answer once it is in force or refused.
type RemoteStats struct {
	QueriesOK, QueriesFailed uint64
	UpdatesOK, UpdatesFailed uint64
	// Failures in a row up to now; 0 when the last question went well.
	Failures uint64
	// LastError is the newest failure, also after a recovery; nil if there was none.
	LastError error
	// Updated is when a server last confirmed or changed the strategy in force:
	// time.Since(Updated) is its age. Zero while the initial sampler is in force.
	Updated time.Time
	// Strategy describes the sampler in force.
	Strategy string
}

// NewRemote starts a sampler for the named service. It does not wait for the
// server. Close, which the tracer calls, ends its goroutine. The error names
// every option that cannot be used.
func NewRemote(service string, opts ...RemoteOption) (*Remote, error) {
	initial, err := NewProbabilistic(DefaultInitialRate)
	if err != nil {
		return nil, err
	}
	o := remoteOptions{
		server: DefaultServer, interval: DefaultInterval, timeout: DefaultFetchTimeout,
		maxOperations: DefaultMaxOperations, initial: initial,
	}
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
	if o.fetch == nil {
		server, err := samplingServer(o.server, service, o.client)
		if err != nil {
			errs = append(errs, err)
		} else {
			o.fetch = httpFetcher(server)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("remote sampler: %w", err)
	}
	r := &Remote{initial: o.initial, succession: succession{maxOperations: o.maxOperations, lateBinding: o.lateBinding}}
	r.current.Store(&inForce{o.initial})
	teller := newTeller(o.logger)
	r.loop = fetch.Start(fetch.Task{
		Interval: o.interval, Timeout: o.timeout, Use: r.use,
		Fetch: func(ctx context.Context) ([]byte, error) {
			r.fetched = false
			return o.fetch(ctx)
		},
		Tell: func(err error) {
			teller.tell(err, r.strategy())
			o.tellPolled(r.fetched, err)
		},
	})
	return r, nil
}

// Sample implements Sampler: an atomic load on top of what the sampler in force
// costs. It goes on to work after Close.
func (r *Remote) Sample(id model.TraceID, operation string) Decision {
	s := r.current.Load()
	if s == nil { // the zero Remote keeps nothing
		return Decision{}
	}
	return s.Sample(id, operation)
}

// Share is that of the sampler in force, 1<<63 where that is no
// Probabilistic.
func (r *Remote) Share() uint64 {
	if s := r.current.Load(); s != nil {
		if p, ok := s.Sampler.(*Probabilistic); ok {
			return p.boundary
		}
	}
	return 1 << 63
}

// Current returns the sampler in force: the initial one, or what the server's
// last strategy is, a *Probabilistic, *RateLimiting or *PerOperation. Nil for the
// zero Remote.
func (r *Remote) Current() Sampler {
	if s := r.current.Load(); s != nil {
		return s.Sampler
	}
	return nil
}

// Poll asks the server now, behind a question that is under way, and returns when
// the answer is in force, with an error if there is none, or when ctx ends. It is
// for tests and for programs that were told of a new strategy. A fetcher must not
// call it: it would wait for itself.
func (r *Remote) Poll(ctx context.Context) error {
	if err := r.loop.Poll(ctx); err != nil {
		return fmt.Errorf("remote sampler: %w", err)
	}
	return nil
}

// String describes the sampler in force.
func (r *Remote) String() string { return "remote(" + r.strategy() + ")" }

func (r *Remote) strategy() string {
	if s := r.current.Load(); s != nil {
		return describe(s.Sampler)
	}
	return "none"
}

// describe is for samplers of users' own, too, which may have no String.
func describe(s Sampler) string {
	if named, ok := s.(fmt.Stringer); ok {
		return fmt.Sprint(named) // which survives a panic in it
	}
	return fmt.Sprintf("%T", s)
}

// Stats returns the counts as of now.
func (r *Remote) Stats() RemoteStats {
	s := r.loop.Stats()
	return RemoteStats{
		QueriesOK: s.QueriesOK, QueriesFailed: s.QueriesFailed, UpdatesOK: s.UpdatesOK, UpdatesFailed: s.UpdatesFailed,
		Failures: s.Failures, LastError: s.LastError, Updated: s.Updated, Strategy: r.strategy(),
	}
}

// Close ends the polling, in the middle of a question if need be, and leaves the
// strategy in force. A custom fetcher that goes on for a second longer is left
// behind, with an error; what it answers is not used any more. Several calls are
// fine.
func (r *Remote) Close() error {
	if r.loop == nil {
		return nil
	}
	err := r.loop.Close()
	r.once.Do(func() {
		if c, ok := r.initial.(io.Closer); ok {
			r.err = c.Close()
		}
	})
	if err != nil {
		return errors.Join(r.err, fmt.Errorf("remote sampler: %w", err))
	}
	return r.err
}

// use puts an answer into force.
func (r *Remote) use(body []byte) error {
	r.fetched = true
	strategy, err := parseStrategy(body)
	if err != nil {
		return err
	}
	s, err := r.succession.sampler(strategy)
	if err != nil {
		return err
	}
	r.current.Store(&inForce{s})
	return nil
}
