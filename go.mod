module github.com/jaegerkit/jaeger

go 1.23.0

require (
	github.com/apache/thrift v0.22.0
	github.com/jaegertracing/jaeger-idl v0.5.0
	github.com/opentracing/opentracing-go v1.2.0
	github.com/uber/jaeger-lib v2.4.1+incompatible
	go.uber.org/goleak v1.3.0
	gopkg.in/yaml.v3 v3.0.1
)

require (
	github.com/HdrHistogram/hdrhistogram-go v1.4.0 // indirect
	github.com/kr/pretty v0.3.1 // indirect
	github.com/stretchr/testify v1.11.1 // indirect
)
