// Logging to zap. A module of its own so that zap is in the builds of those who
// use it.
module github.com/jaegerkit/jaeger/logging/zap

go 1.23.0

require (
	github.com/jaegerkit/jaeger v0.0.0
	github.com/opentracing/opentracing-go v1.2.0
	go.uber.org/zap v1.27.0
	go.uber.org/zap/exp v0.3.0
)

require go.uber.org/multierr v1.10.0 // indirect

replace github.com/jaegerkit/jaeger => ../..
