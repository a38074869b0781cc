// SPDX-License-Identifier: Apache-2.0

package config

import (
	"log/slog"
	"sync/atomic"
	"time"

	house "github.com/jaegerkit/jaeger/baggage"
	"github.com/jaegerkit/jaeger/logging"
	"github.com/jaegerkit/jaeger/throttle"
	"github.com/uber/jaeger-lib/metrics"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/internal/baggage"
)

const shortestInterval = time.Millisecond

// restrictions asks a server which baggage may be set. It has a goroutine that
// Close ends.
type restrictions struct{ *house.Remote }

// restrictions returns nil where there are none to be, also for an address that
// makes no sense: that is logged, and no reason to run without a tracer.
func (c *Configuration) restrictions(logger jaeger.Logger, counts *jaeger.Metrics) *restrictions {
	b := c.BaggageRestrictions
	if b == nil {
		return nil
	}
	opts := []house.RemoteOption{house.WithLogger(slogOf(logger)), house.WithPolled(func(err error) {
		count(err, counts.BaggageRestrictionsUpdateSuccess, counts.BaggageRestrictionsUpdateFailure)
	})}
	if b.HostPort != "" {
		opts = append(opts, house.WithServer(b.HostPort))
	}
	if b.RefreshInterval > 0 {
		opts = append(opts, house.WithInterval(max(b.RefreshInterval, shortestInterval)))
	}
	if b.DenyBaggageOnInitializationFailure {
		opts = append(opts, house.WithDenyUntilFirstAnswer())
	}
	r, err := house.NewRemote(c.ServiceName, opts...)
	if err != nil {
		logger.Error("baggage is not restricted: " + err.Error())
		return nil
	}
	return &restrictions{r}
}

// GetRestriction implements baggage.RestrictionManager.
func (r *restrictions) GetRestriction(service, key string) *baggage.Restriction {
	return baggage.NewRestriction(r.Restriction(key))
}

// throttler asks a server how many debug traces there may be. It begins when the
// tracer says who it is, and has a goroutine from then on that Close ends.
type throttler struct {
	config  ThrottlerConfig
	service string
	logger  jaeger.Logger
	metrics *jaeger.Metrics
	remote  atomic.Pointer[throttle.Remote]
}

// SetProcess implements jaeger.ProcessSetter.
func (t *throttler) SetProcess(process jaeger.Process) {
	opts := []throttle.RemoteOption{throttle.WithLogger(slogOf(t.logger)), throttle.WithPolled(func(err error) {
		count(err, t.metrics.ThrottlerUpdateSuccess, t.metrics.ThrottlerUpdateFailure)
	})}
	if process.UUID != "" {
		opts = append(opts, throttle.WithClientID(process.UUID))
	}
	if t.config.HostPort != "" {
		opts = append(opts, throttle.WithServer(t.config.HostPort))
	}
	if t.config.RefreshInterval > 0 {
		opts = append(opts, throttle.WithInterval(max(t.config.RefreshInterval, shortestInterval)))
	}
	r, err := throttle.NewRemote(t.service, opts...)
	if err != nil {
		t.logger.Error("debug traces are not throttled: " + err.Error())
		return
	}
	if !t.remote.CompareAndSwap(nil, r) {
		_ = r.Close()
	}
}

// IsAllowed implements throttler.Throttler.
func (t *throttler) IsAllowed(operation string) bool {
	r := t.remote.Load()
	return r == nil || r.Allow(operation)
}

// Close ends the asking.
func (t *throttler) Close() error {
	if r := t.remote.Load(); r != nil {
		return r.Close()
	}
	return nil
}

func count(err error, good, bad metrics.Counter) {
	c := good
	if err != nil {
		c = bad
	}
	if c != nil {
		c.Inc(1)
	}
}

func slogOf(l jaeger.Logger) *slog.Logger { return slog.New(logging.FromLogger(l)) }
