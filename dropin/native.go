// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
	"github.com/jaegerkit/jaeger/transport"
	"github.com/uber/jaeger-client-go/internal/native"
	"github.com/uber/jaeger-client-go/thrift-gen/zipkincore"
	"github.com/uber/jaeger-client-go/utils"
)

func init() {
	native.ExportRecord = func(span any) *model.Span {
		s, _ := span.(*Span)
		return s.exported()
	}
	native.ZipkinThrift = func(r *model.Span) any { return zipkinOfRecord(r) }
}

// zipkinOfRecord is BuildZipkinThrift of what the library reports: its host is
// what the tags of the process say.
func zipkinOfRecord(r *model.Span) *zipkincore.Span {
	t := &Tracer{maxTagValue: DefaultMaxTagValueLength}
	if r.Process != nil {
		for _, tag := range r.Process.Tags {
			if tag.Key == TracerIPTagKey {
				t.hostIPv4, _ = utils.ParseIPToUint32(tag.Text())
			}
		}
	}
	return BuildZipkinThrift(&Span{state: &spanState{tracer: t, revived: true, record: r}})
}

// nativeSampler returns what s is in the library behind, nil where that must see
// spans: a SamplerV2 of the program's own. It goes by the type itself and not by
// a method, which a type that embeds a sampler and overrides IsSampled would
// inherit. What it returns is no io.Closer: whoever owns s closes s.
func nativeSampler(s Sampler) sampler.Sampler {
	switch s := s.(type) {
	case nil:
		return sampler.NewConst(false)
	case *ConstSampler:
		return constant{s}
	case *ProbabilisticSampler:
		return live[*ProbabilisticSampler]{s}
	case *RateLimitingSampler:
		return live[*RateLimitingSampler]{s}
	case *GuaranteedThroughputProbabilisticSampler:
		return live[*GuaranteedThroughputProbabilisticSampler]{s}
	case *PerOperationSampler:
		return live[*PerOperationSampler]{s}
	case *RemotelyControlledSampler:
		if s != nil && s.polled != nil {
			return nil
		}
		return live[*RemotelyControlledSampler]{s}
	case SamplerV2:
		return nil
	}
	return first{s}
}

// nativeReporter is the same for reporters. It returns nil also where a part of
// r, its transport or another reporter, is the program's own.
func nativeReporter(r Reporter) reporter.Reporter {
	switch r := r.(type) {
	case nil, *nullReporter:
		return reporter.NewDiscard()
	case *loggingReporter:
		return r.behind()
	case *remoteReporter:
		return r.behind()
	case *compositeReporter:
		return r.behind()
	}
	return nil
}

// nativeSender is the same for transports.
func nativeSender(t Transport) transport.Sender {
	if n, ok := t.(native.Sender); ok {
		return n.NativeSender(t)
	}
	return nil
}
