// The drop-in beside the native API. It has a module of its own because the
// drop-in has the old client's path, which the peers in the module above need.
module github.com/jaegerkit/jaeger/bench/dropin

go 1.25.0

require (
	github.com/jaegerkit/jaeger v0.1.0
	github.com/jaegerkit/jaeger/bench v0.0.0
	github.com/opentracing/opentracing-go v1.2.0
	github.com/uber/jaeger-client-go v2.30.0+incompatible
)

require (
	github.com/apache/thrift v0.22.0 // indirect
	github.com/uber/jaeger-lib v2.4.1+incompatible // indirect
)

replace (
	github.com/jaegerkit/jaeger => ../..
	github.com/jaegerkit/jaeger/bench => ..
	github.com/uber/jaeger-client-go => ../../dropin
)
