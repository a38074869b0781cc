module github.com/jaegerkit/jaeger/e2e

go 1.25.0

require (
	github.com/apache/thrift v0.22.0
	github.com/jaegerkit/jaeger v0.0.0
	github.com/jaegertracing/jaeger-idl v0.5.0
	github.com/opentracing/opentracing-go v1.2.0
	go.uber.org/goleak v1.3.0
)

require (
	github.com/rogpeppe/go-internal v1.9.0 // indirect
	github.com/uber/jaeger-lib v2.4.1+incompatible // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)

replace github.com/jaegerkit/jaeger => ../
