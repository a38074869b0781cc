// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"context"
	"errors"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/sampler"
)

const (
	defaultInitialRate  = sampler.DefaultInitialRate
	shortestPollingWait = time.Millisecond
	// namelessService is who asks where the service has no name: servers want one.
	namelessService = "unnamed"
)

// RemotelyControlledSampler samples as a server says, which it asks at once and
// then at an interval, on a goroutine of its own that Close ends. The mutex was
// part of the old type and is not used.
//
// With a parser or updaters of the program's own, or a SamplerV2 of its own to
// begin with, the sampler in force sees spans; else it is the library's own.
type RemotelyControlledSampler struct {
	sync.RWMutex

	remote  *sampler.Remote // nil with polled, and of the zero value
	polled  *polledSampler
	options samplerOptions
	closed  atomic.Bool
	shown   atomic.Pointer[shownSampler]
}

// shownSampler is the sampler in force as a type of this package.
type shownSampler struct {
	behind sampler.Sampler
	shown  SamplerV2
}

// NewRemotelyControlledSampler starts a sampler for the named service. A server
// that cannot be asked is told of at each attempt, and is no error here.
func NewRemotelyControlledSampler(serviceName string, opts ...SamplerOption) *RemotelyControlledSampler {
	s := &RemotelyControlledSampler{}
	for _, opt := range opts {
		if opt != nil {
			opt(&s.options)
		}
	}
	if serviceName == "" {
		serviceName = namelessService
	}
	o := &s.options
	o.setDefaults()
	initial := nativeSampler(o.sampler)
	if initial == nil || o.parser != nil || o.updaters != nil {
		s.polled = newPolledSampler(serviceName, o)
		return s
	}
	// Every option is one that NewRemote takes, so it does not fail.
	s.remote, _ = sampler.NewRemote(serviceName, s.remoteOptions(serviceName, &initialSampler{initial})...)
	return s
}

// initialSampler is told apart from what a server's answer made, and not closed
// by the library: who made it does that.
type initialSampler struct{ s sampler.Sampler }

func (i *initialSampler) Sample(id model.TraceID, operation string) sampler.Decision {
	return i.s.Sample(id, operation)
}

func (s *RemotelyControlledSampler) remoteOptions(service string, initial sampler.Sampler) []sampler.RemoteOption {
	o := &s.options
	opts := []sampler.RemoteOption{
		sampler.WithInitial(initial), sampler.WithInterval(o.interval), sampler.WithMaxOperations(o.maxOperations),
		sampler.WithLogger(slogOf(o.logger)), sampler.WithPolled(o.count), sampler.WithFetcher(o.fetch(service)),
	}
	if o.lateBinding {
		opts = append(opts, sampler.WithLateBinding())
	}
	return opts
}

// fetch asks the program's fetcher, or over HTTP. A bad URL is what each question
// fails with.
func (o *samplerOptions) fetch(service string) sampler.Fetcher {
	if f := o.fetcher; f != nil {
		return func(context.Context) ([]byte, error) { return f.Fetch(service) }
	}
	fetch, err := sampler.NewHTTPFetcher(o.serverURL, service, nil)
	if err != nil {
		return func(context.Context) ([]byte, error) { return nil, err }
	}
	return fetch
}

// count is called behind each question.
func (o *samplerOptions) count(answered bool, err error) {
	m := o.metrics
	if !answered {
		inc(m.SamplerQueryFailure, 1)
		return
	}
	inc(m.SamplerRetrieved, 1)
	if err != nil {
		inc(m.SamplerUpdateFailure, 1)
		return
	}
	inc(m.SamplerUpdated, 1)
}

func (s *RemotelyControlledSampler) inForce() sampler.Sampler {
	if s == nil || s.remote == nil {
		return nil
	}
	return s.remote
}

// Sampler returns the sampler in force, nil of the zero value. One of this
// package shares what is used up of its limits with what decides.
func (s *RemotelyControlledSampler) Sampler() SamplerV2 {
	switch {
	case s == nil:
		return nil
	case s.polled != nil:
		return s.polled.sampler()
	case s.remote == nil:
		return nil
	}
	now := s.remote.Current()
	if known := s.shown.Load(); known != nil && known.behind == now {
		return known.shown
	}
	next := &shownSampler{behind: now}
	switch b := now.(type) {
	case *sampler.Probabilistic:
		next.shown = probabilisticSamplerOf(b)
	case *sampler.RateLimiting:
		next.shown = rateLimitingSamplerOf(b)
	case *sampler.PerOperation:
		next.shown = perOperationSamplerOf(b)
	default:
		next.shown = samplerV2Of(s.options.sampler)
	}
	s.shown.Store(next)
	return next.shown
}

// UpdateSampler asks the server now and returns when its answer is in force, or
// there is none. After Close it does nothing. A fetcher must not call it.
func (s *RemotelyControlledSampler) UpdateSampler() {
	switch {
	case s == nil || s.closed.Load():
	case s.polled != nil:
		s.polled.poll()
	case s.remote != nil:
		_ = s.remote.Poll(context.Background()) // counted and logged by the sampler
	}
}

// IsSampled says no: the sampler is asked as a SamplerV2.
func (s *RemotelyControlledSampler) IsSampled(id TraceID, operation string) (bool, []Tag) {
	return false, nil
}

// during asks the sampler in force.
func (s *RemotelyControlledSampler) during(ask func(SamplerV2) SamplingDecision) SamplingDecision {
	if s != nil && s.polled != nil {
		return s.polled.during(ask)
	}
	if v2 := s.Sampler(); v2 != nil {
		return ask(v2)
	}
	return SamplingDecision{}
}

// OnCreateSpan implements SamplerV2.
func (s *RemotelyControlledSampler) OnCreateSpan(span *Span) SamplingDecision {
	return s.during(func(v2 SamplerV2) SamplingDecision { return v2.OnCreateSpan(span) })
}

// OnSetOperationName implements SamplerV2.
func (s *RemotelyControlledSampler) OnSetOperationName(span *Span, operationName string) SamplingDecision {
	return s.during(func(v2 SamplerV2) SamplingDecision { return v2.OnSetOperationName(span, operationName) })
}

// OnSetTag implements SamplerV2.
func (s *RemotelyControlledSampler) OnSetTag(span *Span, key string, value interface{}) SamplingDecision {
	return s.during(func(v2 SamplerV2) SamplingDecision { return v2.OnSetTag(span, key, value) })
}

// OnFinishSpan implements SamplerV2.
func (s *RemotelyControlledSampler) OnFinishSpan(span *Span) SamplingDecision {
	return s.during(func(v2 SamplerV2) SamplingDecision { return v2.OnFinishSpan(span) })
}

// Close ends the asking, in the middle of a question if need be, and leaves the
// sampler in force. The initial sampler stays its owner's. Several calls are fine.
func (s *RemotelyControlledSampler) Close() {
	if s == nil || s.closed.Swap(true) {
		return
	}
	var err error
	switch {
	case s.polled != nil:
		err = s.polled.close()
	case s.remote != nil:
		err = s.remote.Close()
	}
	if err != nil {
		s.options.logger.Error(err.Error())
	}
}

// Equal says no.
func (s *RemotelyControlledSampler) Equal(other Sampler) bool { return false }

var errStuckFetcher = errors.New("remote sampler: the fetcher does not return")

// wholeNumber is rate as the int16 that Thrift has for it; what is above 0 stays
// so.
func wholeNumber(rate float64) int16 {
	return int16(math.Min(math.Ceil(perSecond(rate)), math.MaxInt16))
}
