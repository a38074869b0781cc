// Nothing but the versions for running tests that Jaeger 1.41 comes with. A tool line has go mod tidy keep what a
// package's tests need.
module github.com/jaegerkit/jaeger/e2e/published/crossdock

go 1.25.0

tool github.com/jaegertracing/jaeger/crossdock/services

require (
	github.com/apache/thrift v0.22.0 // indirect
	github.com/crossdock/crossdock-go v0.0.0-20160816171116-049aabb0122b // indirect
	github.com/davecgh/go-spew v1.1.2-0.20180830191138-d8f796af33cc // indirect
	github.com/jaegerkit/jaeger v0.1.0 // indirect
	github.com/jaegertracing/jaeger v1.41.0 // indirect
	github.com/opentracing/opentracing-go v1.2.0 // indirect
	github.com/pmezard/go-difflib v1.0.1-0.20181226105442-5d4384ee4fb2 // indirect
	github.com/uber/jaeger-client-go v2.30.0+incompatible // indirect
	github.com/uber/jaeger-lib v2.4.1+incompatible // indirect
	go.uber.org/multierr v1.10.0 // indirect
	go.uber.org/zap v1.26.0 // indirect
	golang.org/x/net v0.4.0 // indirect
)

replace (
	github.com/jaegerkit/jaeger => ../../..
	github.com/uber/jaeger-client-go => ../../../dropin
)
