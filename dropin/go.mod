// The old client's import path over this house: see docs/migrating.md.
module github.com/uber/jaeger-client-go

go 1.23.0

require (
	github.com/apache/thrift v0.22.0
	github.com/jaegerkit/jaeger v0.1.0
	github.com/opentracing/opentracing-go v1.2.0
	github.com/uber/jaeger-lib v2.4.1+incompatible
	go.uber.org/goleak v1.3.0
	go.uber.org/zap v1.26.0
	gopkg.in/yaml.v3 v3.0.1
)

require (
	github.com/HdrHistogram/hdrhistogram-go v1.4.0 // indirect
	github.com/davecgh/go-spew v1.1.2-0.20180830191138-d8f796af33cc // indirect
	github.com/jaegertracing/jaeger-idl v0.5.0 // indirect
	github.com/pmezard/go-difflib v1.0.1-0.20181226105442-5d4384ee4fb2 // indirect
	github.com/stretchr/testify v1.11.1 // indirect
	go.uber.org/multierr v1.10.0 // indirect
)

replace github.com/jaegerkit/jaeger => ../
