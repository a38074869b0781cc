// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// packed returns s with its tags and logs packed.
func packed(t *testing.T, s *model.Span) *model.Span {
	t.Helper()
	p := s.Clone()
	p.Tags, p.Logs = nil, nil
	p.Pack()
	for i := range s.Tags {
		if !wire.AddTag(p.Packed(), &s.Tags[i]) {
			t.Fatalf("tag %d is not packed", i)
		}
	}
	for _, l := range s.Logs {
		at := wire.BeginLog(p.Packed(), l.Time, len(l.Fields), 2000)
		for i := range l.Fields {
			at = wire.PutTag(p.Packed().Logs, at, &l.Fields[i])
		}
		if at < 0 {
			t.Fatal("a log is not packed")
		}
		wire.EndLog(p.Packed(), at)
	}
	return p
}

// A packed span is sent as any other, by each way it may take, and reduced where it does
// not fit.
func TestPackedIsSentLikeOthers(t *testing.T) {
	process := &model.Process{ServiceName: "svc"}
	long := func(n int) string { return strings.Repeat("x", n) }
	var many []model.Tag
	for range 20 {
		many = append(many, model.String("k", "v"))
	}
	for _, test := range []struct {
		name  string
		limit int
		span  *model.Span
	}{
		{"bare", 65000, logged("op", nil)},
		{"tags and logs", 65000, logged("op", []model.Tag{model.String("a", "b"), model.Int64("c", 4), model.Binary("d", []byte{1})}, 1, 20)},
		{"more than 15 of both", 65000, logged("op", many, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7)},
		{"a name that is not ASCII", 65000, logged("Köln", many, 1)},
		{"a name that is not UTF-8", 65000, logged("\xff"+long(300)+"\xff\xfe", many, 1)},
		{"too large to encode ahead", 2000, logged("op", many, 700)},
		{"too large for a packet", 1000, logged("op", []model.Tag{model.String("a", long(700)), model.String("c", "d")}, 100, 700)},
	} {
		t.Run(test.name, func(t *testing.T) {
			var datagrams, ahead [2][]byte
			for i, s := range []*model.Span{test.span, packed(t, test.span)} {
				c := listen(t)
				u, err := transport.NewUDP(c.LocalAddr().String(), transport.WithMaxPacketSize(test.limit))
				if err != nil {
					t.Fatal(err)
				}
				defer u.Close()
				b, ok := u.Encode([]byte("before"), s)
				if ahead[i] = b; !ok && string(b) != "before" {
					t.Errorf("Encode refused, and returned %q", b)
				}
				if n, err := u.Send(context.Background(), &model.Batch{Process: process, Spans: []*model.Span{s}}); n != 1 || err != nil {
					t.Fatalf("got %d and %v, want 1", n, err)
				}
				datagrams[i] = bytes.Clone(read(t, c))
			}
			if !bytes.Equal(ahead[0], ahead[1]) {
				t.Errorf("encoded ahead\n got: %q\nwant: %q", ahead[1], ahead[0])
			}
			if !bytes.Equal(datagrams[0], datagrams[1]) {
				t.Errorf("sent\n got: %q\nwant: %q", datagrams[1], datagrams[0])
			}
		})
	}
}
