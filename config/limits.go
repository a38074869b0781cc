// SPDX-License-Identifier: Apache-2.0

package config

import (
	"math"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/baggage"
	"github.com/jaegerkit/jaeger/throttle"
)

// restrictions asks the agent which baggage may be set.
func (b *builder) restrictions() ([]jaeger.Option, error) {
	r := &b.BaggageRestrictions
	if !r.Enabled || b.Disabled {
		return nil, nil
	}
	opts := []baggage.RemoteOption{
		baggage.WithServer(agentURL(r.HostPort, "/baggageRestrictions")),
		baggage.WithInterval(r.RefreshInterval), baggage.WithLogger(b.log),
	}
	if r.Deny {
		opts = append(opts, baggage.WithDenyUntilFirstAnswer())
	}
	remote, err := baggage.NewRemote(b.ServiceName, opts...)
	if err != nil {
		return nil, err
	}
	b.made = append(b.made, remote)
	b.numbers.baggage = remote
	// Closed with the tracer even if an option of the caller's takes its place.
	return []jaeger.Option{jaeger.WithBaggageRestrictions(remote), jaeger.WithCloser(remote)}, nil
}

// throttler bounds the traces that are forced: by credits of the agent, by a rate of this
// process, or by both, the rate where there are no credits.
func (b *builder) throttler() ([]jaeger.Option, error) {
	rate := b.MaxDebugTraces
	burst := int(min(max(10*rate, 10), math.MaxInt32))
	switch {
	case b.Disabled:
		return nil, nil
	case b.Throttler.Enabled:
		return b.credits(rate, burst)
	case rate == 0:
		return nil, nil
	}
	local, err := throttle.NewLocal(rate, burst)
	if err != nil {
		return nil, err
	}
	return []jaeger.Option{jaeger.WithDebugThrottler(local)}, nil
}

func (b *builder) credits(rate float64, burst int) ([]jaeger.Option, error) {
	id := b.clientUUID()
	opts := []throttle.RemoteOption{
		throttle.WithServer(agentURL(b.Throttler.HostPort, "/credits")),
		throttle.WithInterval(b.Throttler.RefreshInterval), throttle.WithLogger(b.log), throttle.WithClientID(id),
	}
	switch {
	case b.Throttler.SynchronousInitialization:
		opts = append(opts, throttle.WithLocalLimit(0, 1))
	case rate > 0:
		opts = append(opts, throttle.WithLocalLimit(rate, burst))
	}
	remote, err := throttle.NewRemote(b.ServiceName, opts...)
	if err != nil {
		return nil, err
	}
	b.made = append(b.made, remote)
	b.numbers.throttle = remote
	return []jaeger.Option{jaeger.WithDebugThrottler(remote), jaeger.WithCloser(remote)}, nil
}

// clientUUID is the process tag by which the agent knows the client. One of the user's
// stays; else one is added.
func (b *builder) clientUUID() string {
	const key = "client-uuid"
	for _, t := range b.Tags {
		if id := valueText(t.Value); t.Key == key && id != "" {
			return id
		}
	}
	id := strconv.FormatUint(rand.Uint64(), 16)
	b.Tags = append(slices.Clip(b.Tags), Tag{Key: key, Value: id})
	return id
}

// agentURL is an address of the agent's HTTP server.
func agentURL(hostPort, path string) string {
	u := url.URL{Scheme: "http", Host: hostPort, Path: path}
	return u.String()
}
