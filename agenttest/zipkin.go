// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ZipkinSpan is a span of Zipkin's API, version 2 (https://zipkin.io/zipkin-api/, zipkin2-api.yaml). IDs are as they came:
// lower-case hex. What was not sent is the zero value.
type ZipkinSpan struct {
	TraceID        string             `json:"traceId"`            // 16 or 32 digits
	ID             string             `json:"id"`                 // 16 digits
	ParentID       string             `json:"parentId,omitempty"` // 16 digits
	Name           string             `json:"name,omitempty"`
	Kind           string             `json:"kind,omitempty"`      // CLIENT, SERVER, PRODUCER or CONSUMER
	Timestamp      int64              `json:"timestamp,omitempty"` // microseconds since 1970
	Duration       int64              `json:"duration,omitempty"`  // microseconds
	LocalEndpoint  *ZipkinEndpoint    `json:"localEndpoint,omitempty"`
	RemoteEndpoint *ZipkinEndpoint    `json:"remoteEndpoint,omitempty"`
	Annotations    []ZipkinAnnotation `json:"annotations,omitempty"`
	Tags           map[string]string  `json:"tags,omitempty"`
	Debug          bool               `json:"debug,omitempty"`
	Shared         bool               `json:"shared,omitempty"`
}

// ZipkinEndpoint is one side of a call.
type ZipkinEndpoint struct {
	ServiceName string `json:"serviceName,omitempty"`
	IPv4        string `json:"ipv4,omitempty"`
	IPv6        string `json:"ipv6,omitempty"`
	Port        int    `json:"port,omitempty"`
}

// ZipkinAnnotation is an event of a span.
type ZipkinAnnotation struct {
	Timestamp int64  `json:"timestamp"` // microseconds since 1970
	Value     string `json:"value"`
}

// FindZipkinSpan returns the first span with that name, or nil.
func FindZipkinSpan(spans []*ZipkinSpan, name string) *ZipkinSpan {
	for _, s := range spans {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// decodeZipkin reads a list of spans and refuses what Zipkin's server would not take. Fields that the API does not have
// are passed over, as Zipkin does; but one that differs from the API's in case only is an error, since encoding/json
// would take it and Zipkin does not.
func decodeZipkin(body []byte) ([]*ZipkinSpan, error) {
	var raw []zipkinObject
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, err
	}
	if raw == nil {
		return nil, errors.New("want a list of spans, got null")
	}
	spans := make([]*ZipkinSpan, len(raw))
	for i, object := range raw {
		s, err := object.span()
		if err != nil {
			return nil, fmt.Errorf("span %d: %w", i+1, err)
		}
		spans[i] = s
	}
	return spans, nil
}

// zipkinObject is a span's JSON.
type zipkinObject json.RawMessage

func (o *zipkinObject) UnmarshalJSON(data []byte) error {
	*o = bytes.Clone(data)
	return nil
}

var (
	spanKeys     = strings.Fields("traceId id parentId name kind timestamp duration localEndpoint remoteEndpoint annotations tags debug shared")
	endpointKeys = strings.Fields("serviceName ipv4 ipv6 port")
	zipkinKinds  = strings.Fields("CLIENT SERVER PRODUCER CONSUMER")
)

func (o zipkinObject) span() (*ZipkinSpan, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(o, &fields); err != nil {
		return nil, err
	}
	if fields == nil {
		return nil, errors.New("want an object, got null")
	}
	if err := spelled(fields, spanKeys); err != nil {
		return nil, err
	}
	for _, key := range []string{"localEndpoint", "remoteEndpoint"} {
		var endpoint map[string]json.RawMessage
		if data, ok := fields[key]; ok {
			if err := json.Unmarshal(data, &endpoint); err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
		}
		if err := spelled(endpoint, endpointKeys); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	var s ZipkinSpan
	if err := json.Unmarshal(o, &s); err != nil {
		return nil, err
	}
	return &s, s.check()
}

// check finds values that the API does not allow.
func (s *ZipkinSpan) check() error {
	if !isHex(s.TraceID, 16) && !isHex(s.TraceID, 32) {
		return fmt.Errorf("traceId %.64q: want 16 or 32 lower-case hex digits, not all zero", s.TraceID)
	}
	if !isHex(s.ID, 16) {
		return fmt.Errorf("id %.64q: want 16 lower-case hex digits, not all zero", s.ID)
	}
	if s.ParentID != "" && !isHex(s.ParentID, 16) {
		return fmt.Errorf("parentId %.64q: want 16 lower-case hex digits, not all zero", s.ParentID)
	}
	if s.Kind != "" && !slices.Contains(zipkinKinds, s.Kind) {
		return fmt.Errorf("kind %.64q: want one of %s", s.Kind, strings.Join(zipkinKinds, ", "))
	}
	for _, e := range []*ZipkinEndpoint{s.LocalEndpoint, s.RemoteEndpoint} {
		if e != nil && (e.Port < 0 || e.Port > 65535) {
			return fmt.Errorf("port %d: want 0 to 65535", e.Port)
		}
	}
	return nil
}

func isHex(s string, digits int) bool {
	return len(s) == digits && strings.Trim(s, "0123456789abcdef") == "" && strings.Trim(s, "0") != ""
}

// spelled finds keys that are known but for their case.
func spelled(fields map[string]json.RawMessage, known []string) error {
	for key := range fields {
		for _, k := range known {
			if key != k && strings.EqualFold(key, k) {
				return fmt.Errorf("field %q: want %q", key, k)
			}
		}
	}
	return nil
}
