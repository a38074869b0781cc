// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

func TestZipkinDelivery(t *testing.T) {
	t.Parallel()
	c := newCollector(t, statuses(202, 503, 202, 400))
	z := newZipkin(t, c.URL, transport.WithBatchSize(2), transport.WithBasicAuth("a", "b"), transport.WithMaxRequestSize(transport.MinRequestSize))
	b := spansWithIDs(5)
	b.Spans[1].Tags = []model.Tag{model.String("kept", "1"), model.String("big", strings.Repeat("\x01", 30_000))}
	b.Spans[1].LocalRoot, b.Spans[1].Shared = true, true
	b.Process.Tags = []model.Tag{model.String("huge", strings.Repeat("x", 1<<20)), model.String("fits", "yes")}
	n, err := z.Send(context.Background(), b)
	var lost *transport.Error
	if n != 4 || !errors.As(err, &lost) || lost.Spans != 1 {
		t.Fatalf("got: %d, %v\nwant: 4, and 1 lost", n, err)
	}
	first := decodeZipkin(t, c.got()[0].body)
	equal(t, "reduced", z.Reduced(), 1)
	equal(t, "spans", len(first), 2)
	tags := first[1].Tags
	if tags["fits"] != "yes" || tags["kept"] != "1" || tags["huge"] != "" || tags["big"] != "" || !strings.HasPrefix(tags["jaeger.reduced"], "dropped 2 tags") || first[1].Shared == nil {
		t.Errorf("tags\n got: %.300v\nwant: huge and big dropped", tags)
	}
	equal(t, "Authorization", c.got()[0].header.Get("Authorization"), "Basic YTpi")
}

// TestHugePeer: what is too large to be encoded ahead is found so before it is
// written, whichever field it becomes.
func TestHugePeer(t *testing.T) {
	t.Parallel()
	z := newZipkin(t, "http://127.0.0.1:1")
	s := spansWithIDs(1).Spans[0]
	s.Tags = []model.Tag{model.String("peer.service", strings.Repeat("x", 8<<20))}
	b, ok := z.Encode(make([]byte, 1, 1<<10), s)
	if ok || len(b) != 1 || cap(b) > 1<<20 {
		t.Errorf("got: %v, %d bytes, room for %d\nwant: false, 1 byte, little room", ok, len(b), cap(b))
	}
}

// TestManyTags takes the way that looks keys up in a map.
func TestManyTags(t *testing.T) {
	t.Parallel()
	s := &model.Span{TraceID: model.TraceID{Low: 1}, ID: 1, LocalRoot: true}
	for i := range 100 {
		s.Tags = append(s.Tags, model.Int64(fmt.Sprint("k", i%50), int64(i)))
	}
	s.AddLog(1, s.Tags...)
	c := newCollector(t, nil)
	wantSent(t, newZipkin(t, c.URL), &model.Batch{Spans: []*model.Span{s},
		Process: &model.Process{Tags: []model.Tag{model.String("k7", "process"), model.String("more", "process")}}})
	got := decodeZipkin(t, c.got()[0].body)[0]
	if len(got.Tags) != 51 || got.Tags["k7"] != "57" || got.Tags["more"] != "process" {
		t.Errorf("got: %d tags, k7=%s\nwant: 51, 57", len(got.Tags), got.Tags["k7"])
	}
	if v := got.Annotations[0].Value; strings.Count(v, ":") != 50 || !strings.Contains(v, `"k7":57`) {
		t.Errorf("got: %s\nwant: 50 fields", v)
	}
}

// TestZipkinIDs: one bad span must not take the others with it.
func TestZipkinIDs(t *testing.T) {
	t.Parallel()
	for _, bad := range []*model.Span{{ID: 1}, {TraceID: model.TraceID{Low: 1}}} {
		c := newCollector(t, nil)
		z := newZipkin(t, c.URL)
		b := spansWithIDs(3)
		b.Spans[1] = bad
		n, err := z.Send(context.Background(), b)
		var lost *transport.Error
		if n != 1 || !errors.As(err, &lost) || lost.Cause != transport.Encode || lost.Spans != 1 {
			t.Errorf("got: %d, %v\nwant: 1, and 1 that cannot be encoded", n, err)
		}
		if _, ok := z.Encode(nil, bad); ok {
			t.Error("got: encoded ahead\nwant: not")
		}
	}
}

// TestZipkinProcesses has spans of two processes encoded at the same time.
func TestZipkinProcesses(t *testing.T) {
	t.Parallel()
	z := newZipkin(t, "http://127.0.0.1:1")
	done := make(chan error, 4)
	for g := range 4 {
		go func() {
			p := &model.Process{ServiceName: fmt.Sprint("service-", g%2)}
			s := &model.Span{Process: p, TraceID: model.TraceID{Low: 1}, ID: 1}
			for range 2000 {
				b, ok := z.Encode(nil, s)
				if !ok || !bytes.Contains(b, []byte(p.ServiceName)) {
					done <- fmt.Errorf("got: %s, %t\nwant: %s in it", b, ok, p.ServiceName)
					return
				}
			}
			done <- nil
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
