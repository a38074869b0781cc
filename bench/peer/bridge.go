// SPDX-License-Identifier: Apache-2.0

package peer

import (
	"context"

	bridge "go.opentelemetry.io/otel/bridge/opentracing"
	"go.opentelemetry.io/otel/propagation"
)

// newBridge sets up what OpenTelemetry offers to programs that were written for
// OpenTracing: its bridge over the same SDK, exporter and processor as the
// native peer. Its propagators are both of them, because the bridge is given one
// for all calls and the workload has baggage.
func newBridge(c Config) (Client, error) {
	provider, err := newProvider(c)
	if err != nil {
		return nil, err
	}
	tracer, _ := bridge.NewTracerPair(provider.Tracer("bench"))
	tracer.SetWarningHandler(func(string) {})
	tracer.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))
	ot, err := newOpenTracing(tracer, c.Data)
	if err != nil {
		return nil, err
	}
	ot.close = func() error { return provider.Shutdown(context.Background()) }
	ot.sent = func() int64 { return -1 }
	return ot, nil
}
