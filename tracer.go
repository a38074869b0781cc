// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/jaegerkit/jaeger/baggage"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
	"github.com/jaegerkit/jaeger/throttle"
)

// Version of this library, sent as part of the process tag jaeger.version.
const Version = "0.1.0"

// DefaultCloseTimeout is how long Close waits for buffered spans.
const DefaultCloseTimeout = reporter.DefaultCloseTimeout

// Tracer implements opentracing.Tracer. Nothing of it changes after New; the zero
// Tracer is not usable.
type Tracer struct {
	process     *model.Process
	sampler     sampler.Sampler
	decider     sampler.Sampler // sampler, kept from panicking
	reporter    reporter.Reporter
	propagators map[any]propagation.Propagator
	// The three formats of OpenTracing, found without hashing an interface.
	textMap, httpHeaders, binary propagation.Propagator

	clock        *clock
	limits       limits
	wide         bool // 128-bit trace ids
	noDebug      bool // forced sampling without the debug flag
	disabled     bool // propagate, record nothing
	zipkinShared bool // server spans have the client's ids
	countBare    bool // count the finish of unsampled spans, too
	ids, highIDs func() uint64
	observers    []Observer
	throttler    throttle.Throttler // nil: no debug trace is refused
	restrictor   baggage.Restrictor // nil: any key is allowed
	closers      []io.Closer
	logger       *slog.Logger
	owner        any
	counts       counts
	share        uint64 // of new traces, in 1<<63, that the sampler is asked about
	asks         asker  // says so where it changes, else nil
	on           *bool  // says so in its place where that is all or nothing, else nil
	packs        bool   // records may be packed: only a transport sees them that knows
	explained    atomic.Pointer[explained]
	odd          bool // new traces have more to them than an id of 64 bits and a sampler's answer
	verdicts     verdicts
	shut         shutdown
}

// shutdown is the outcome of the first Shutdown, for those who come later.
type shutdown struct {
	begun atomic.Bool
	done  chan struct{}
	err   error // set before done is closed
}

var _ opentracing.Tracer = (*Tracer)(nil)

// New makes a tracer for the named service. It owns rep and closes it. Without
// options every trace is sampled, trace ids have 64 bits and contexts travel in
// Jaeger's own formats. The error names every option that cannot be used.
func New(service string, rep reporter.Reporter, opts ...Option) (*Tracer, error) {
	o := defaultOptions()
	var errs []error
	if service == "" {
		errs = append(errs, errors.New("service name is empty"))
	}
	if isNil(rep) {
		errs = append(errs, errors.New("reporter is nil"))
	}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(o); err != nil {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("new tracer: %w", err)
	}
	t := &Tracer{
		process:     newProcess(service, o.tags),
		sampler:     o.sampler,
		decider:     containing(o.sampler),
		reporter:    rep,
		propagators: o.propagators,
		textMap:     o.propagators[opentracing.TextMap],
		httpHeaders: o.propagators[opentracing.HTTPHeaders],
		binary:      o.propagators[opentracing.Binary],

		clock:        newClock(o.now),
		limits:       o.limits,
		wide:         o.wide,
		noDebug:      o.noDebug,
		disabled:     o.disabled,
		zipkinShared: o.zipkinShared,
		countBare:    o.countBare,
		owner:        o.owner,
		ids:          o.ids,
		highIDs:      o.highIDs,
		observers:    o.observers,
		throttler:    o.throttler,
		restrictor:   o.restrictor,
		closers:      o.closers,
		logger:       o.logger,
		counts:       newCounts(),
		shut:         shutdown{done: make(chan struct{})},
	}
	t.asksAbout(o.sampler)
	if remote, ok := rep.(*reporter.Remote); ok && o.observers == nil {
		t.packs = remote.TakesPacked()
	}
	t.odd = o.disabled || o.wide || o.ids != nil || o.observers != nil
	return t, nil
}

// Process returns what the tracer says of its service, to be read only.
func (t *Tracer) Process() *model.Process { return t.process }

// Owner returns what WithOwner was given, else nil.
func (t *Tracer) Owner() any { return t.owner }

// Sampler returns who decides which traces are recorded.
func (t *Tracer) Sampler() sampler.Sampler { return t.sampler }

// Inject writes sc to carrier in one of the formats opentracing.TextMap,
// HTTPHeaders, Binary or one set by WithPropagator. It fails with
// opentracing.ErrUnsupportedFormat, ErrInvalidSpanContext (a context of another
// tracer, see StartSpan) or ErrInvalidCarrier. A trace that is still undecided
// (sampler.Late) travels as not sampled: the processes it goes on to leave it
// out, whatever is decided here later.
func (t *Tracer) Inject(sc opentracing.SpanContext, format, carrier any) error {
	p := t.propagator(format)
	if p == nil {
		return opentracing.ErrUnsupportedFormat
	}
	c, ok := contextOf(sc)
	if !ok {
		return opentracing.ErrInvalidSpanContext
	}
	return p.Inject(c, carrier)
}

// Extract reads a context from carrier. It fails with
// opentracing.ErrUnsupportedFormat, ErrInvalidCarrier, ErrSpanContextNotFound
// or an error that wraps ErrSpanContextCorrupted; the last are counted. A
// context of only baggage or a debug id is no failure: a span started from it
// begins a new trace that carries them.
func (t *Tracer) Extract(format, carrier any) (opentracing.SpanContext, error) {
	p := t.propagator(format)
	if p == nil {
		return nil, opentracing.ErrUnsupportedFormat
	}
	sc, err := p.Extract(carrier)
	if err != nil {
		if errors.Is(err, opentracing.ErrSpanContextCorrupted) {
			t.counts.decodingErrors.Add(1)
		}
		return nil, err
	}
	return sc, nil
}

func (t *Tracer) propagator(format any) propagation.Propagator {
	if f, ok := format.(opentracing.BuiltinFormat); ok {
		switch f {
		case opentracing.HTTPHeaders:
			return t.httpHeaders
		case opentracing.TextMap:
			return t.textMap
		case opentracing.Binary:
			return t.binary
		}
		return nil
	}
	return t.customPropagator(format)
}

// customPropagator guards against formats that cannot be map keys.
func (t *Tracer) customPropagator(format any) (p propagation.Propagator) {
	defer func() { _ = recover() }()
	return t.propagators[format]
}

// Flush sends what is buffered now and returns when it is out or ctx ends.
func (t *Tracer) Flush(ctx context.Context) error {
	if f, ok := t.reporter.(reporter.Flusher); ok {
		return f.Flush(ctx)
	}
	return nil
}

// Close sends what is buffered, for at most DefaultCloseTimeout, and closes the
// reporter, the sampler, the throttler and the baggage restrictor. Traces that
// are undecided by then are answered with no. Spans may still be started and
// finished afterwards: they propagate, and are counted as dropped.
func (t *Tracer) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), DefaultCloseTimeout)
	defer cancel()
	return t.Shutdown(ctx)
}

// Shutdown is Close with the deadline of ctx. Its error says how many spans
// were left when ctx ended. Later calls wait for the first, as long as their own
// ctx allows, and return what it returned.
func (t *Tracer) Shutdown(ctx context.Context) error {
	if t.shut.begun.Swap(true) {
		select {
		case <-t.shut.done:
			return t.shut.err
		case <-ctx.Done():
			return fmt.Errorf("shutdown: %w", ctx.Err())
		}
	}
	defer close(t.shut.done)
	t.abandonAll()
	var errs []error
	if s, ok := t.reporter.(reporter.Shutdowner); ok {
		errs = append(errs, s.Shutdown(ctx))
	} else {
		errs = append(errs, within(ctx, t.reporter.Close))
	}
	for _, part := range []any{t.sampler, t.throttler, t.restrictor} {
		if c, ok := part.(io.Closer); ok {
			errs = append(errs, within(ctx, c.Close))
		}
	}
	for _, c := range t.closers {
		errs = append(errs, within(ctx, c.Close))
	}
	t.farewell()
	t.shut.err = errors.Join(errs...)
	return t.shut.err
}

// within leaves a Close that knows no deadline behind when ctx ends.
func within(ctx context.Context, f func() error) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- fmt.Errorf("panic in Close: %v", p)
			}
		}()
		done <- f()
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("shutdown: still closing: %w", ctx.Err())
	}
}

// farewell tells of what is lost because the program forgot it.
func (t *Tracer) farewell() {
	defer func() { _ = recover() }() // a logger's own panic
	if t.logger == nil {
		return
	}
	s := t.Stats()
	if s.Open == 0 && s.LateCalls == 0 {
		return
	}
	t.logger.Info("jaeger: closed", "started", s.Started, "never_finished", s.Open, "calls_after_finish", s.LateCalls)
}

// at returns the given time, or now where there is none, in Unix nanoseconds.
func (t *Tracer) at(explicit time.Time) int64 {
	if explicit.IsZero() {
		return t.clock.wall()
	}
	return unixNano(explicit)
}
