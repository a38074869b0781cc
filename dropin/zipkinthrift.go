// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"net"
	"strconv"

	"github.com/opentracing/opentracing-go/ext"

	"github.com/jaegerkit/jaeger/model"

	"github.com/uber/jaeger-client-go/internal/spanlog"
	z "github.com/uber/jaeger-client-go/thrift-gen/zipkincore"
	"github.com/uber/jaeger-client-go/utils"
)

// BuildZipkinThrift returns the span in Zipkin's first format: span.kind as
// annotations, the peer.* tags as the other end's address, the first span of
// this process with the tags of the process, numbers as text. It changes nothing
// about the span. For what it knows of which span, see BuildJaegerThrift.
func BuildZipkinThrift(s *Span) *z.Span {
	r := s.exported()
	if r == nil {
		return nil
	}
	host := &z.Endpoint{}
	tags := r.Tags
	if t := s.tracer(); t != nil {
		host.ServiceName, host.Ipv4 = r.Process.ServiceName, int32(t.hostIPv4)
		if kind, _ := r.Tag(string(ext.SpanKind)); r.ParentID == 0 || kind.Text() == string(ext.SpanKindRPCServerEnum) {
			tags = append(tags[:len(tags):len(tags)], processTags(r.Process)...)
		}
	}
	start, duration := r.Start/1000, r.Duration.Microseconds()
	zs := &z.Span{
		TraceID: int64(r.TraceID.Low), ID: int64(r.ID), Name: r.Operation,
		Timestamp: &start, Duration: &duration, Debug: r.Flags&model.FlagDebug != 0,
	}
	if r.TraceID.High != 0 {
		high := int64(r.TraceID.High)
		zs.TraceIDHigh = &high
	}
	if r.ParentID != 0 {
		parent := int64(r.ParentID)
		zs.ParentID = &parent
	}
	zs.Annotations, zs.BinaryAnnotations = zipkinAnnotations(s, r, host), zipkinTags(tags, host)
	return zs
}

// processTags are those that the span is given, too.
func processTags(p *model.Process) (tags []model.Tag) {
	for _, tag := range p.Tags {
		if tag.Key != TracerUUIDTagKey {
			tags = append(tags, tag)
		}
	}
	return tags
}

// zipkinAnnotations are the ends of a call, and the logs.
func zipkinAnnotations(s *Span, r *model.Span, host *z.Endpoint) []*z.Annotation {
	list := make([]*z.Annotation, 0, 2+len(r.Logs))
	add := func(at int64, value string) {
		list = append(list, &z.Annotation{Timestamp: at / 1000, Value: value, Host: host})
	}
	kind, _ := r.Tag(string(ext.SpanKind))
	begin, end := "", ""
	switch kind.Text() {
	case string(ext.SpanKindRPCClientEnum):
		begin, end = z.CLIENT_SEND, z.CLIENT_RECV
	case string(ext.SpanKindRPCServerEnum):
		begin, end = z.SERVER_RECV, z.SERVER_SEND
	}
	if begin != "" {
		add(r.Start, begin)
		if r.Duration != 0 {
			add(r.Start+int64(r.Duration), end)
		}
	}
	limit := DefaultMaxTagValueLength
	if t := s.tracer(); t != nil {
		limit = t.maxTagValue
	}
	for i := range r.Logs {
		text, err := spanlog.MaterializeWithJSON(oldLog(&r.Logs[i]).Fields)
		if err != nil {
			text = []byte(err.Error())
		}
		add(r.Logs[i].Time, model.Truncate(string(text), limit))
	}
	return list
}

// zipkinTags are the tags; what they say of the other end of a call becomes one
// annotation with its address, and a span that is no call names its component.
func zipkinTags(tags []model.Tag, host *z.Endpoint) []*z.BinaryAnnotation {
	var peer z.Endpoint
	kind, component := "", host.ServiceName
	list := make([]*z.BinaryAnnotation, 1, 1+len(tags))
	for i := range tags {
		t := &tags[i]
		switch t.Key {
		case string(ext.SpanKind):
			kind = t.Text()
		case string(ext.PeerHostIPv4):
			peer.Ipv4 = ipv4Of(t)
		case string(ext.PeerPort):
			if port, err := utils.ParsePort(t.Text()); err == nil {
				peer.Port = int16(port)
			}
		case string(ext.PeerService):
			if t.Kind() == model.KindString {
				peer.ServiceName = t.Str()
			}
		case TracerIPTagKey: // is in host
		default:
			if t.Key == string(ext.Component) {
				component = t.Text()
			}
			list = append(list, zipkinTag(t))
		}
	}
	client, server := kind == string(ext.SpanKindRPCClientEnum), kind == string(ext.SpanKindRPCServerEnum)
	switch {
	case !client && !server:
		list[0] = &z.BinaryAnnotation{
			Key: z.LOCAL_COMPONENT, Value: []byte(component), AnnotationType: z.AnnotationType_STRING, Host: host,
		}
		return list
	case peer.Ipv4 == 0 && peer.Port == 0 && peer.ServiceName == "":
		return list[1:]
	}
	list[0] = &z.BinaryAnnotation{Key: z.CLIENT_ADDR, Value: []byte{1}, AnnotationType: z.AnnotationType_BOOL, Host: &peer}
	if client {
		list[0].Key = z.SERVER_ADDR
	}
	return list
}

// ipv4Of reads an address written out, or as a number.
func ipv4Of(t *model.Tag) int32 {
	if t.Kind() == model.KindInt64 {
		return int32(t.Int64())
	}
	if ip := net.ParseIP(t.Text()).To4(); ip != nil {
		return int32(utils.PackIPAsUint32(ip))
	}
	return 0
}

// zipkinTag writes numbers as text, which is what Zipkin's user interface shows.
func zipkinTag(t *model.Tag) *z.BinaryAnnotation {
	a := &z.BinaryAnnotation{Key: t.Key, AnnotationType: z.AnnotationType_STRING}
	switch t.Kind() {
	case model.KindBinary:
		a.Value, a.AnnotationType = []byte(t.Str()), z.AnnotationType_BYTES
	case model.KindBool:
		a.Value, a.AnnotationType = []byte{0}, z.AnnotationType_BOOL
		if t.Bool() {
			a.Value[0] = 1
		}
	case model.KindFloat64:
		a.Value = strconv.AppendFloat(nil, t.Float64(), 'g', -1, 64)
	default:
		a.Value = []byte(t.Text())
	}
	return a
}
