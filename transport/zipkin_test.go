// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

func newZipkin(t testing.TB, url string, opts ...transport.HTTPOption) *transport.Zipkin {
	t.Helper()
	f := &fakeTime{now: time.Unix(1_700_000_000, 0)}
	z, err := transport.NewZipkin(url, append([]transport.HTTPOption{f.clock()}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := z.Close(); err != nil {
			t.Error(err)
		}
	})
	return z
}

func TestZipkinBody(t *testing.T) {
	t.Parallel()
	shop := &model.Process{ServiceName: "Shop \"1\"", Tags: []model.Tag{
		model.String("ip", "10.1.2.3"), model.String("hostname", "h1"), model.String("twice", "old"), model.String("twice", "new"), model.String("own", "process")}}
	const us = int64(time.Microsecond)
	base := func() *model.Span {
		return &model.Span{TraceID: model.TraceID{Low: 0xa}, ID: 0xb, Operation: "op", Start: 1_700_000_000_123_456_789, Duration: 2500 * time.Nanosecond}
	}
	const front = `{"traceId":"000000000000000a","id":"000000000000000b"`
	const times = `,"name":"op","timestamp":1700000000123456,"duration":2`
	const local = `,"localEndpoint":{"serviceName":"Shop \"1\"","ipv4":"10.1.2.3"}`
	tagged := func(tags ...model.Tag) *model.Span { s := base(); s.Tags = tags; return s }
	logged := func(fields ...model.Tag) *model.Span { s := base(); s.AddLog(1234567, fields...); return s }
	for _, test := range []struct {
		name string
		span *model.Span
		p    *model.Process
		want string
	}{
		{"plain", base(), shop, front + times + local},
		{"no process", base(), nil, front + times},
		{"bare process", base(), &model.Process{}, front + times},
		{"ipv6, no name", base(), &model.Process{Tags: []model.Tag{model.String("ip", "fe80::1%eth0")}}, front + times + `,"localEndpoint":{"ipv6":"fe80::1"}`},
		{"128 bit child, debug, shared",
			&model.Span{TraceID: model.TraceID{High: 1, Low: 0xa}, ID: 0xb, ParentID: 0xc, Flags: 3, Shared: true, Tags: []model.Tag{model.String("span.kind", "server")}}, nil,
			`{"traceId":"0000000000000001000000000000000a","parentId":"000000000000000c","id":"000000000000000b","kind":"SERVER","name":"","duration":1,"debug":true,"shared":true`},
		{"its own parent", &model.Span{TraceID: model.TraceID{Low: 0xa}, ID: 0xb, ParentID: 0xb, Start: -1}, nil, front + `,"name":"","duration":1`},
		{"client", tagged(model.String("span.kind", "Client")), nil, front + `,"kind":"CLIENT"` + times},
		{"producer, the last counts", tagged(model.String("span.kind", "client"), model.String("span.kind", "producer")), nil, front + `,"kind":"PRODUCER"` + times},
		{"consumer", tagged(model.String("span.kind", "consumer"), model.String("a", "b")), nil, front + `,"kind":"CONSUMER"` + times + `,"tags":{"a":"b"}`},
		{"internal", tagged(model.String("span.kind", "internal")), nil, front + times + `,"tags":{"span.kind":"internal"}`},
		{"kind of another type", tagged(model.Binary("span.kind", []byte("client"))), nil, front + times + `,"tags":{"span.kind":"Y2xpZW50"}`},
		{"local root", func() *model.Span { s := tagged(model.Int64("own", 1)); s.LocalRoot = true; return s }(), shop,
			front + times + local + `,"tags":{"own":"1","hostname":"h1","twice":"new"}`},
		{"local root without tags", func() *model.Span { s := base(); s.LocalRoot = true; return s }(), &model.Process{Tags: []model.Tag{model.String("ip", "no ip")}},
			front + times + `,"tags":{"ip":"no ip"}`},
		{"peer", tagged(model.String("peer.service", "db"), model.String("peer.ipv4", "1.2.3.4"), model.Int64("peer.port", 3306), model.String("peer.hostname", "h")), nil,
			front + times + `,"remoteEndpoint":{"serviceName":"db","ipv4":"1.2.3.4","port":3306},"tags":{"peer.hostname":"h"}`},
		{"peer, both families, port as text", tagged(model.Int64("peer.ipv4", 0x01020304), model.String("peer.ipv6", "2001:db8::1"), model.String("peer.port", "80")), nil,
			front + times + `,"remoteEndpoint":{"ipv4":"1.2.3.4","ipv6":"2001:db8::1","port":80}`},
		{"peer.address", tagged(model.String("peer.address", "[::1]:8080")), nil, front + times + `,"remoteEndpoint":{"ipv6":"::1","port":8080}`},
		{"peer.address without port", tagged(model.String("peer.address", "::ffff:1.2.3.4"), model.Int64("peer.port", 7)), nil, front + times + `,"remoteEndpoint":{"ipv4":"1.2.3.4","port":7}`},
		{"peer.address not needed", tagged(model.String("peer.ipv4", "1.2.3.4"), model.String("peer.address", "9.9.9.9:1")), nil,
			front + times + `,"remoteEndpoint":{"ipv4":"1.2.3.4"},"tags":{"peer.address":"9.9.9.9:1"}`},
		{"peer.address of another port", tagged(model.String("peer.address", "9.9.9.9:1"), model.Int64("peer.port", 2)), nil,
			front + times + `,"remoteEndpoint":{"ipv4":"9.9.9.9","port":2},"tags":{"peer.address":"9.9.9.9:1"}`},
		{"peer tags that say nothing", tagged(model.String("peer.service", ""), model.Int64("peer.ipv4", -1), model.String("peer.ipv6", "x"), model.Int64("peer.port", 70000),
			model.String("peer.address", "jdbc:mysql://h"), model.String("peer.", "")), nil,
			front + times + `,"tags":{"peer.service":"","peer.ipv4":"-1","peer.ipv6":"x","peer.port":"70000","peer.address":"jdbc:mysql://h","peer.":""}`},
		{"peer, the last counts", tagged(model.String("peer.ipv4", "1.2.3.4"), model.String("peer.ipv4", "x")), nil, front + times + `,"tags":{"peer.ipv4":"x"}`},
		{"tag types", tagged(model.Int64("i", -5), model.Float64("f", 0.25), model.Float64("nan", math.NaN()), model.Bool("b", true), model.Binary("x", []byte{0, 255, 1, 2}), model.Bool("error", true)), nil,
			front + times + `,"tags":{"i":"-5","f":"0.25","nan":"NaN","b":"true","x":"AP8BAg==","error":"true"}`},
		{"no error", tagged(model.Bool("error", false)), nil, front + times},
		{"no error after all", tagged(model.Bool("error", true), model.String("error", "false")), nil, front + times},
		{"error by name", tagged(model.String("error", "boom")), nil, front + times + `,"tags":{"error":"boom"}`},
		{"the last of equal tags", tagged(model.Int64("k", 1), model.String("l", "x"), model.Int64("k", 2)), nil, front + times + `,"tags":{"l":"x","k":"2"}`},
		{"escapes", tagged(model.String("\"\\\b\n\r\t\x00\x1f\x7f/", "\u2028\u2029é\xff\xfe😀\xc3")), nil,
			front + times + `,"tags":{"\"\\\u0008\n\r\t\u0000\u001f` + "\x7f" + `/":"\u2028\u2029é` + "\ufffd😀\ufffd" + `"}`},
		{"event", logged(model.String("event", "cache \"miss\"")), nil, front + times + `,"annotations":[{"timestamp":1234,"value":"cache \"miss\""}]`},
		{"event of another type", logged(model.Int64("event", 7)), nil, front + times + `,"annotations":[{"timestamp":1234,"value":"7"}]`},
		{"one field", logged(model.String("message", "hi")), nil, front + times + `,"annotations":[{"timestamp":1234,"value":"{\"message\":\"hi\"}"}]`},
		{"no field", logged(), nil, front + times + `,"annotations":[{"timestamp":1234,"value":"{}"}]`},
		{"fields", logged(model.String("event", "a\\b\n"), model.Int64("n", 1), model.Float64("f", 1e30), model.Float64("inf", math.Inf(-1)), model.Bool("b", false), model.Binary("x", []byte("hi")), model.Int64("n", 2)), nil,
			front + times + `,"annotations":[{"timestamp":1234,"value":"{\"event\":\"a\\\\b\\n\",\"f\":1e+30,\"inf\":\"-Inf\",\"b\":false,\"x\":\"aGk=\",\"n\":2}"}]`},
		{"two logs", func() *model.Span {
			s := base()
			s.AddLog(-5, model.String("event", "a"))
			s.AddLog(3*us, model.String("event", "b"))
			return s
		}(), nil,
			front + times + `,"annotations":[{"timestamp":1,"value":"a"},{"timestamp":3,"value":"b"}]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newCollector(t, nil)
			z := newZipkin(t, c.URL)
			b := &model.Batch{Process: test.p, Spans: []*model.Span{test.span}}
			wantSent(t, z, b)
			r := c.got()[0]
			equal(t, "request", r.uri+" "+r.header.Get("Content-Type"), "/api/v2/spans application/json")
			if got, want := string(r.body), "["+test.want+"}]"; got != want {
				t.Errorf("\n got: %s\nwant: %s", got, want)
			}
			decodeZipkin(t, r.body)
			test.span.Process = test.p
			sendBothWays(t, z, b)
			equal(t, "encoded ahead", string(c.got()[1].body), string(r.body))
		})
	}
}

// FuzzZipkin wants bodies that encoding/json reads, with every tag that no other
// field stands for.
func FuzzZipkin(f *testing.F) {
	var body []byte
	trip := roundTrip(func(r *http.Request) (*http.Response, error) {
		var all bytes.Buffer
		_, err := all.ReadFrom(r.Body)
		body = all.Bytes()
		return &http.Response{StatusCode: 202, Body: http.NoBody, Request: r}, err
	})
	z, err := transport.NewZipkin("http://fuzz", transport.WithRoundTripper(trip))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint64(1), "http.url GET /customer?customer=392 span.kind peer.service", uint8(3))
	f.Add(uint64(3), "Grüße \xff\xfe aus \xe2\x82 Köln \xf0\x9f\x98\x80 \"\\\n\u2028", uint8(40))
	f.Fuzz(func(t *testing.T, seed uint64, words string, count uint8) {
		b := randomBatch(rand.New(rand.NewPCG(seed, 0)), words, int(count)%10+1)
		for i, s := range b.Spans {
			s.TraceID.Low |= 1
			s.ID |= 1
			s.LocalRoot = i%2 == 0
		}
		n, err := z.Send(context.Background(), b)
		if n != len(b.Spans) || err != nil {
			t.Fatalf("sent %d of %d: %v", n, len(b.Spans), err)
		}
		got := decodeZipkin(t, body)
		if len(got) != len(b.Spans) { // in several requests
			return
		}
		for i, s := range b.Spans {
			g := &got[i]
			equal(t, "name", g.Name, text(s.Operation))
			equal(t, "id", g.ID, s.ID)
			if len(g.Annotations) != len(s.Logs) {
				t.Errorf("annotations\n got: %d\nwant: %d", len(g.Annotations), len(s.Logs))
			}
			for j := range s.Tags {
				tag, ok := s.Tag(s.Tags[j].Key)
				if v, there := g.Tags[text(tag.Key)]; !there && ok && tag.Key != "span.kind" && tag.Key != "error" && !strings.HasPrefix(tag.Key, "peer.") {
					t.Errorf("tag %q\n got: %q, %t\nwant: it", tag.Key, v, there)
				}
			}
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{"", "plain", "\"\\/\b\f\n\r\t", "\x00\x1f\x7f\x80\xff\xfe", "é\u2028\u2029\ufffd😀", "\xed\xa0\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, b := range map[string][]byte{"once": transport.AppendJSON(nil, s), "twice": transport.QuoteTwice(s)[1:]} {
			var got string
			err := json.Unmarshal(b, &got)
			if name == "twice" && err == nil {
				err = json.Unmarshal([]byte(got), &got)
			}
			if err != nil || got != text(s) {
				t.Errorf("%s\n got: %q, %v\nwant: %q", name, got, err, text(s))
			}
		}
	})
}
