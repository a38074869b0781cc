module github.com/jaegerkit/jaeger

go 1.23.0

require (
	github.com/apache/thrift v0.22.0
	github.com/jaegertracing/jaeger-idl v0.5.0
	github.com/opentracing/opentracing-go v1.2.0
	go.uber.org/goleak v1.3.0
	gopkg.in/yaml.v3 v3.0.1
)
