// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// zipkinSpan is Span of zipkin2-api.yaml. Only the tests know it.
type zipkinSpan struct {
	TraceID        string             `json:"traceId"`
	ParentID       *string            `json:"parentId"`
	ID             string             `json:"id"`
	Kind           *string            `json:"kind"`
	Name           string             `json:"name"`
	Timestamp      *int64             `json:"timestamp"`
	Duration       *int64             `json:"duration"`
	Debug          *bool              `json:"debug"`
	Shared         *bool              `json:"shared"`
	LocalEndpoint  *zipkinEndpoint    `json:"localEndpoint"`
	RemoteEndpoint *zipkinEndpoint    `json:"remoteEndpoint"`
	Annotations    []zipkinAnnotation `json:"annotations"`
	Tags           map[string]string  `json:"tags"`
}

type zipkinEndpoint struct {
	ServiceName string `json:"serviceName"`
	IPv4        string `json:"ipv4"`
	IPv6        string `json:"ipv6"`
	Port        int    `json:"port"`
}

type zipkinAnnotation struct {
	Timestamp int64  `json:"timestamp"`
	Value     string `json:"value"`
}

var lowerHex = regexp.MustCompile(`^([0-9a-f]{16}|[0-9a-f]{32})$`)

// decodeZipkin reads a body strictly, and checks what a server checks.
func decodeZipkin(t testing.TB, body []byte) (spans []zipkinSpan) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&spans); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if d.More() || len(spans) == 0 {
		t.Fatalf("%d spans, and more: %t", len(spans), d.More())
	}
	for i := range spans {
		s := &spans[i]
		if !lowerHex.MatchString(s.TraceID) || !lowerHex.MatchString(s.ID) || len(s.ID) != 16 || strings.Trim(s.ID, "0") == "" ||
			s.ParentID != nil && (len(*s.ParentID) != 16 || !lowerHex.MatchString(*s.ParentID)) {
			t.Errorf("ids: %q %q %v", s.TraceID, s.ID, s.ParentID)
		}
		if s.Timestamp != nil && *s.Timestamp <= 0 || s.Duration == nil || *s.Duration <= 0 {
			t.Errorf("times: %v %v", s.Timestamp, s.Duration)
		}
		for _, e := range []*zipkinEndpoint{s.LocalEndpoint, s.RemoteEndpoint} {
			if e != nil && *e == (zipkinEndpoint{}) {
				t.Error("an empty endpoint")
			}
		}
	}
	if bytes.Contains(body, []byte("\u2028")) || bytes.Contains(body, []byte("\u2029")) {
		t.Error("a line separator as it is")
	}
	// Keys that differ only in what is not UTF-8 become equal.
	if !bytes.Contains(body, []byte("\ufffd")) {
		wantUniqueKeys(t, body)
	}
	return spans
}

// wantUniqueKeys wants no object with one key twice.
func wantUniqueKeys(t testing.TB, body []byte) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var keys []map[string]bool // nil for a list
	isKey := false
	for {
		token, err := d.Token()
		if err != nil {
			return
		}
		top := len(keys) - 1
		switch v := token.(type) {
		case json.Delim:
			switch v {
			case '{':
				keys, isKey = append(keys, map[string]bool{}), true
				continue
			case '[':
				keys, isKey = append(keys, nil), false
				continue
			}
			keys = keys[:top]
			top--
		case string:
			if isKey {
				if keys[top][v] {
					t.Errorf("key %q twice in %s", v, body)
				}
				keys[top][v], isKey = true, false
				continue
			}
		}
		isKey = top >= 0 && keys[top] != nil
	}
}
