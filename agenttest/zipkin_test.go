// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/agenttest"
)

const zipkinFull = `[{
	"traceId": "5982fe77008310cc80f1da5e10147517", "parentId": "90394f6bcffb5d13", "id": "67fae42571535f60",
	"kind": "SERVER", "name": "/m/n/2.6.1", "timestamp": 1516781775726000, "duration": 26000,
	"localEndpoint": {"serviceName": "api", "ipv4": "127.0.0.1", "port": 8080},
	"remoteEndpoint": {"ipv6": "::1"},
	"annotations": [{"timestamp": 1516781775726001, "value": "hit"}],
	"tags": {"http.path": "/api"}, "debug": true, "shared": true, "newField": [1]}]`

func TestZipkinSpans(t *testing.T) {
	t.Parallel()
	c := agenttest.NewCollector(t)
	got, err := do(t, client(t), "POST", c.ZipkinEndpoint(), []byte(zipkinFull), "Content-Type: application/json")
	must(t, err)
	if got.status != 202 {
		t.Fatalf("answer: got %+v, want 202", got)
	}
	spans, err := c.WaitZipkinSpans(testContext(t), 1)
	must(t, err)
	want := &agenttest.ZipkinSpan{
		TraceID: "5982fe77008310cc80f1da5e10147517", ParentID: "90394f6bcffb5d13", ID: "67fae42571535f60",
		Kind: "SERVER", Name: "/m/n/2.6.1", Timestamp: 1516781775726000, Duration: 26000,
		LocalEndpoint:  &agenttest.ZipkinEndpoint{ServiceName: "api", IPv4: "127.0.0.1", Port: 8080},
		RemoteEndpoint: &agenttest.ZipkinEndpoint{IPv6: "::1"},
		Annotations:    []agenttest.ZipkinAnnotation{{Timestamp: 1516781775726001, Value: "hit"}},
		Tags:           map[string]string{"http.path": "/api"}, Debug: true, Shared: true,
	}
	if got := agenttest.FindZipkinSpan(spans, "/m/n/2.6.1"); !reflect.DeepEqual(got, want) {
		t.Errorf("span\ngot  %+v\nwant %+v", got, want)
	}
	if got := agenttest.FindZipkinSpan(spans, "other"); got != nil {
		t.Errorf("span named other: got %+v, want none", got)
	}
}

func TestZipkinDecode(t *testing.T) {
	t.Parallel()
	with := func(field string) string {
		return `[{"traceId":"00000000000000a1","id":"00000000000000a2",` + field + `}]`
	}
	tests := []struct{ name, body, want string }{
		{"empty list", `[]`, ""},
		{"short span", with(`"name":""`), ""},
		{"null endpoint", with(`"localEndpoint":null`), ""},
		{"unknown field", with(`"links":{}`), ""},
		{"no body", ``, "unexpected end"},
		{"null", `null`, "got null"},
		{"null span", `[null]`, "span 1: want an object, got null"},
		{"object", `{}`, "cannot unmarshal object"},
		{"number for a span", `[1]`, "span 1: json: cannot unmarshal number"},
		{"rest", `[]]`, "after top-level value"},
		{"no trace id", `[{"id":"00000000000000a2"}]`, `span 1: traceId ""`},
		{"no id", `[{"traceId":"00000000000000a1"}]`, `span 1: id ""`},
		{"upper case", `[{"traceId":"00000000000000A1","id":"00000000000000a2"}]`, "lower-case hex"},
		{"17 digits", `[{"traceId":"000000000000000a1","id":"00000000000000a2"}]`, "want 16 or 32"},
		{"zero id", `[{"traceId":"00000000000000a1","id":"0000000000000000"}]`, "not all zero"},
		{"second span", `[{"traceId":"00000000000000a1","id":"00000000000000a2"},{}]`, "span 2: traceId"},
		{"parent", with(`"parentId":"a"`), `parentId "a"`},
		{"kind", with(`"kind":"server"`), `kind "server": want one of CLIENT, SERVER`},
		{"port", with(`"remoteEndpoint":{"port":65536}`), "port 65536"},
		{"wrong case", with(`"parentid":"00000000000000a3"`), `field "parentid": want "parentId"`},
		{"wrong case below", with(`"localEndpoint":{"servicename":"x"}`), `localEndpoint: field "servicename": want "serviceName"`},
		{"endpoint of another type", with(`"localEndpoint":"x"`), "localEndpoint: json: cannot unmarshal string"},
		{"number as tag", with(`"tags":{"a":1}`), "cannot unmarshal number"},
		{"fraction", with(`"timestamp":1.5`), "cannot unmarshal number 1.5"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			spans, err := agenttest.DecodeZipkin([]byte(test.body))
			switch {
			case test.want == "" && err != nil:
				t.Errorf("error: got %v, want none", err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got  %v, error %v\nwant an error with %q", spans, err, test.want)
			}
		})
	}
}

func FuzzDecodeZipkin(f *testing.F) {
	f.Add([]byte(zipkinFull))
	f.Add([]byte(`[]`))
	f.Add([]byte(`[{"traceId":"00000000000000a1","id":"00000000000000a2","tags":{"a":"b"}},null]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := agenttest.DecodeZipkin(data)
		if err != nil {
			if first != nil {
				t.Errorf("got spans with error %v", err)
			}
			return
		}
		again, err := json.Marshal(first)
		must(t, err)
		second, err := agenttest.DecodeZipkin(again)
		if err != nil {
			t.Fatalf("decoding %s: %v", again, err)
		}
		if third, _ := json.Marshal(second); string(third) != string(again) {
			t.Errorf("second encoding\ngot  %s\nwant %s", third, again)
		}
	})
}
