// SPDX-License-Identifier: Apache-2.0

package jaeger

import "fmt"

// Keys of process and span tags.
const (
	// JaegerClientVersion is the version of the API. The process tag
	// jaeger.version names the library behind it, see Tracer.Tags.
	JaegerClientVersion       = "Go-2.30.0"
	JaegerClientVersionTagKey = "jaeger.version"
	TracerHostnameTagKey      = "hostname"
	TracerIPTagKey            = "ip"
	TracerUUIDTagKey          = "client-uuid"
	SamplerTypeTagKey         = "sampler.type"
	SamplerParamTagKey        = "sampler.param"
)

// Headers by which contexts travel; see HeadersConfig.
const (
	JaegerDebugHeader        = "jaeger-debug-id"
	JaegerBaggageHeader      = "jaeger-baggage"
	TraceContextHeaderName   = "uber-trace-id"
	TraceBaggageHeaderPrefix = "uberctx-"

	// TracerStateHeaderName is the earlier name.
	//
	// Deprecated: use TraceContextHeaderName.
	TracerStateHeaderName = TraceContextHeaderName
)

// Types of samplers, as in the tag sampler.type and in configuration.
const (
	SamplerTypeConst         = "const"
	SamplerTypeRemote        = "remote"
	SamplerTypeProbabilistic = "probabilistic"
	SamplerTypeRateLimiting  = "ratelimiting"
	SamplerTypeLowerBound    = "lowerbound"
)

// Defaults.
const (
	DefaultUDPSpanServerHost  = "localhost"
	DefaultUDPSpanServerPort  = 6831
	DefaultSamplingServerPort = 5778
	DefaultMaxTagValueLength  = 256 // bytes
)

// DefaultSamplingServerURL is where remote samplers ask if not told otherwise.
var DefaultSamplingServerURL = fmt.Sprintf("http://127.0.0.1:%d/sampling", DefaultSamplingServerPort)
