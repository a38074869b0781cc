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
	fetch      Fetcher
	timeout    time.Duration
	succession succession
	teller     teller

	initial Sampler
	mu      sync.Mutex
	stats   RemoteStats

	once   sync.Once
	cancel context.CancelFunc
	done   chan struct{} // closed when the goroutine has returned
	err    error         // of closing the initial sampler; to be read after once
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
	r := &Remote{
		fetch: o.fetch, timeout: o.timeout, initial: o.initial,
		succession: succession{maxOperations: o.maxOperations},
		teller:     teller{logger: o.logger},
		done:       make(chan struct{}),
	}
	if r.fetch == nil {
		u, err := samplingURL(o.server, service)
		if err != nil {
			errs = append(errs, err)
		} else {
			if o.client == nil {
				o.client = newClient()
			}
			r.fetch = httpFetcher(o.client, u)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("remote sampler: %w", err)
	}
	r.current.Store(&inForce{o.initial})
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	go r.run(ctx, o.interval)
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
	r.mu.Lock()
	s := r.stats
	r.mu.Unlock()
	s.Strategy = r.strategy()
	return s
}

// closeGrace is how long a fetch may take to notice that its context ended.
const closeGrace = time.Second

// Close ends the polling, in the middle of a question if need be, and leaves the
// strategy in force. A custom fetcher that goes on for a second longer is left
// behind, with an error; what it answers is not used any more. Several calls are
// fine.
func (r *Remote) Close() error {
	if r.cancel == nil {
		return nil
	}
	r.once.Do(func() {
		r.cancel()
		if c, ok := r.initial.(io.Closer); ok {
			r.err = c.Close()
		}
	})
	timer := time.NewTimer(closeGrace)
	defer timer.Stop()
	select {
	case <-r.done:
		return r.err
	case <-timer.C:
		return errors.Join(r.err, errors.New("remote sampler: the fetcher does not return"))
	}
}

func (r *Remote) run(ctx context.Context, interval time.Duration) {
	defer close(r.done)
	wait := waits{interval: min(interval, longestWait)}
	for {
		err := r.poll(ctx)
		if ctx.Err() != nil {
			return
		}
		timer := time.NewTimer(wait.next(err == nil))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// poll asks once. A panic, in a custom fetcher or anywhere else, is a failure
// like another: it must not end the process.
func (r *Remote) poll(ctx context.Context) (err error) {
	asked := false
	defer func() {
		if p := recover(); p != nil {
			err = brief(fmt.Errorf("panic: %v", p))
		}
		if ctx.Err() == nil {
			r.count(asked, err)
		}
	}()
	fetchCtx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	body, err := r.fetch(fetchCtx)
	if err != nil {
		return brief(err)
	}
	asked = true
	strategy, err := parseStrategy(body)
	if err != nil {
		return err
	}
	s, err := r.succession.sampler(strategy)
	if err != nil || ctx.Err() != nil {
		return err
	}
	r.current.Store(&inForce{s})
	return nil
}

// brief keeps what a server or fetcher made of an error from filling the log.
func brief(err error) error {
	const most = 1000
	if text := err.Error(); len(text) > most {
		return &briefError{shortenTo(text, most), err}
	}
	return err
}

type briefError struct {
	text string
	err  error
}

func (b *briefError) Error() string { return b.text }
func (b *briefError) Unwrap() error { return b.err }

// count books one question, and tells.
func (r *Remote) count(asked bool, err error) {
	r.mu.Lock()
	switch {
	case err == nil:
		r.stats.QueriesOK++
		r.stats.UpdatesOK++
		r.stats.Updated = time.Now()
	case asked:
		r.stats.QueriesOK++
		r.stats.UpdatesFailed++
	default:
		r.stats.QueriesFailed++
	}
	if err != nil {
		r.stats.Failures++
		r.stats.LastError = err
	} else {
		r.stats.Failures = 0
	}
	r.mu.Unlock()
	r.teller.tell(err, r.strategy())
}
