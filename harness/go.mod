// opentracing-go's conformance suite. A module of its own because the suite
// needs testify.
module github.com/jaegerkit/jaeger/harness

go 1.23.0

require (
	github.com/jaegerkit/jaeger v0.0.0
	github.com/opentracing/opentracing-go v1.2.0
)

require (
	github.com/davecgh/go-spew v1.1.1 // indirect
	github.com/pmezard/go-difflib v1.0.0 // indirect
	github.com/stretchr/testify v1.11.1 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)

replace github.com/jaegerkit/jaeger => ../
