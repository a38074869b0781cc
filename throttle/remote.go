// SPDX-License-Identifier: Apache-2.0

package throttle

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jaegerkit/jaeger/internal/fetch"
)

// Remote spends credits that a throttling service gives out to this client, a
// credit for a debug span, each operation its own. It asks
//
//	GET http://host:port/credits?service=checkout&uuid=6f1c&operations=a&operations=b
//
// which answers {"balances":[{"operation":"a","balance":2}]}: what there is for
// the operation on top of what it has. It asks at an interval, on one goroutine
// of its own, for the operations that were used since; a new one is asked for
// within a second or so. An operation saves up to 1000 credits.
//
// An operation that the service has not spoken of yet, an operation beyond
// WithMaxOperations, one with a name of more than 256 bytes, and all of them
// where the server says that it has no credits to give (status 404 or 501, 500
// with "not implemented", or an object without balances as Jaeger 2), share
// WithLocalLimit. No released Jaeger has credits to give. When the service fails
// later, what it gave is what there is.
type Remote struct {
	known  atomic.Pointer[directory]
	absent atomic.Bool // there are no credits, as of the newest answer
	local  Local
	count  count

	met  chan string   // operations to be known
	wake chan struct{} // of loop
	loop *fetch.Loop
	id   string

	// Of the goroutine.
	server *fetch.Server
	max    int
	next   int        // whose turn it is, in order of the directory
	asked  []*account // in the present question
	more   bool       // there are, but not in the present question
}

const (
	longestName = 256
	// longestQuestion bounds the operations' part of the address, in bytes: many
	// servers take 8 KiB at most.
	longestQuestion = 4 << 10
	mostMet         = 256 // that wait to be known; further ones come again
)

// RemoteStats count since NewRemote.
type RemoteStats struct {
	Allowed, Refused uint64 // debug spans
	// Answers that were booked, and questions that brought none: no answer, one
	// that makes no sense, or the answer that there are no credits.
	UpdatesOK, UpdatesFailed uint64
	// Failures in a row up to now; 0 when the last question went well.
	Failures uint64
	// LastError is the newest failure, also after a recovery; nil if there was none.
	LastError error
	// Updated is when a server last gave credits, or none, to an operation.
	Updated time.Time
	// Absent tells that the server has no credits to give, as of the last question.
	Absent bool
	// Operations is how many are known.
	Operations int
}

// NewRemote starts a throttler for the named service. It does not wait for the
// server, which has nothing to be asked before the first debug span. Close,
// which the tracer calls, ends its goroutine. The error names every option that
// cannot be used.
func NewRemote(service string, opts ...RemoteOption) (*Remote, error) {
	o := remoteOptions{
		server: DefaultServer, interval: DefaultInterval, timeout: DefaultFetchTimeout,
		maxOperations: DefaultMaxOperations, perSecond: DefaultLocalRate, burst: DefaultLocalBurst,
		clientID: strconv.FormatUint(rand.Uint64(), 16),
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
	server, err := fetch.NewServer("credits server", o.server, "/credits", service, o.client)
	if err != nil {
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("remote throttler: %w", err)
	}
	r := &Remote{
		server: server, max: o.maxOperations, id: o.clientID,
		met: make(chan string, mostMet), wake: make(chan struct{}, 1),
	}
	r.known.Store(&directory{})
	r.local.limit.Init(o.perSecond, float64(o.burst))
	teller := &fetch.Teller{
		Logger:    o.logger,
		Failing:   "jaeger: no credits for debug spans from the server",
		Recovered: "jaeger: the server gives credits for debug spans again",
		Absent:    "jaeger: the server has no credits for debug spans, limiting them in this process",
	}
	r.loop = fetch.Start(fetch.Task{
		Interval: o.interval, Timeout: o.timeout, Wake: r.wake, Fetch: r.fetch, Use: r.use,
		Tell: func(err error) {
			r.settle(err)
			teller.Tell(err, "perSecond", o.perSecond, "burst", o.burst)
			o.tellPolled(err)
		},
	})
	return r, nil
}

// ClientID is what the service knows this client by: the query's uuid, and the
// process tag client-uuid of a tracer that has one.
func (r *Remote) ClientID() string { return r.id }

// Allow implements Throttler: an atomic load, a look into a map and a compare
// and swap. A new operation is left to the goroutine, without waiting for it. It
// goes on to work after Close, with what there is.
func (r *Remote) Allow(operation string) bool {
	d := r.known.Load()
	if d == nil { // the zero Remote
		return false
	}
	absent := r.absent.Load()
	if a := d.byName[operation]; a != nil {
		a.want()
		if !absent {
			if allowed, known := a.take(); known {
				return r.count.note(allowed)
			}
		}
	} else if !d.full && len(operation) <= longestName {
		r.meet(operation, !absent)
	}
	return r.count.note(r.local.limit.Allow())
}

func (r *Remote) meet(operation string, soon bool) {
	select {
	case r.met <- operation:
	default:
		return
	}
	if soon {
		r.hurry()
	}
}

// hurry asks for a question before its time.
func (r *Remote) hurry() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// register takes in what was met.
func (r *Remote) register() *directory {
	select {
	case <-r.wake: // who was met after this hurries again
	default:
	}
	d := r.known.Load()
	var names []string
	for len(r.met) > 0 {
		names = append(names, <-r.met)
	}
	if names != nil {
		d = d.with(names, r.max)
		r.known.Store(d)
	}
	return d
}

// fetch asks for the operations in use, as many as fit one question.
func (r *Remote) fetch(ctx context.Context) ([]byte, error) {
	d := r.register()
	r.asked, r.more = r.asked[:0], false
	var names []string
	size, n := 0, len(d.inOrder)
	for i := range n {
		a := d.inOrder[(r.next+i)%n]
		if !a.wanted.Load() {
			continue
		}
		size += len("&operations=") + len(url.QueryEscape(a.name))
		if size > longestQuestion {
			r.next, r.more = (r.next+i)%n, true
			break
		}
		a.wanted.Store(false)
		r.asked, names = append(r.asked, a), append(names, a.name)
	}
	if len(names) == 0 {
		return nil, fetch.ErrIdle
	}
	body, err := r.server.Get(ctx, url.Values{"uuid": {r.id}, "operations": names})
	return body, fetch.Absent(err)
}

// use books what the server gives.
func (r *Remote) use(body []byte) error {
	grants, err := parseAnswer(body)
	if err != nil {
		return err
	}
	for _, a := range r.asked {
		a.add(0)
	}
	d := r.known.Load()
	for _, g := range grants {
		if a := d.byName[g.Operation]; a != nil {
			a.add(g.Balance)
		}
	}
	r.absent.Store(false)
	if r.more {
		r.hurry()
	}
	return nil
}

// settle sees to the operations of a question that came to nothing.
func (r *Remote) settle(err error) {
	if err == nil {
		return
	}
	for _, a := range r.asked {
		a.want()
	}
	if errors.Is(err, fetch.ErrAbsent) {
		r.absent.Store(true)
	}
}

// Stats returns the counts as of now.
func (r *Remote) Stats() RemoteStats {
	s := r.loop.Stats()
	stats := RemoteStats{
		Allowed: r.count.allowed.Load(), Refused: r.count.refused.Load(),
		UpdatesOK: s.UpdatesOK, UpdatesFailed: s.QueriesFailed + s.UpdatesFailed,
		Failures: s.Failures, LastError: s.LastError, Updated: s.Updated, Absent: s.Absent,
	}
	if d := r.known.Load(); d != nil {
		stats.Operations = len(d.inOrder)
	}
	return stats
}

// Close ends the asking, in the middle of a question if need be. Several calls
// are fine. With a client of the user's that does not mind its context, it gives
// up after a second, with an error.
func (r *Remote) Close() error {
	if err := r.loop.Close(); err != nil {
		return fmt.Errorf("remote throttler: %w", err)
	}
	return nil
}
