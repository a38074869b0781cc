// SPDX-License-Identifier: Apache-2.0

package sink_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/sink"
	"github.com/jaegerkit/jaeger/bench/workload"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Every span of every peer arrives and is decoded, so a peer cannot win by
// sending less than the others.
func TestSinksCountWhatPeersSend(t *testing.T) {
	for _, shape := range []workload.Shape{workload.Standard, workload.Bare, workload.Large} {
		for _, p := range peer.All {
			if p.Sink == peer.None {
				continue
			}
			t.Run(shape.Name+"/"+p.Name, func(t *testing.T) {
				s, err := sink.Start(p.Sink)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				client, err := p.New(peer.Config{Data: shape.Data(), Sampled: true, To: s.Addr(), Queue: 1000})
				if err != nil {
					t.Fatal(err)
				}
				client.Span(0)
				client.Child(1)
				client.Fresh(1)
				client.Wide(2, 3)
				client.Deep(6, 4)
				if err := client.Close(); err != nil {
					t.Error(err)
				}
				const want = 1 + 1 + 1 + 4 + 4
				if got := sink.Wait(t.Context(), s, want); got != want {
					t.Errorf("got %d spans, want %d", got, want)
				}
				if got := client.Sent(); got != want && got != -1 {
					t.Errorf("the client counts %d spans, want %d", got, want)
				}
				if err := s.Err(); err != nil {
					t.Error(err)
				}
			})
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestSinksTellWhatTheyCannotDecode(t *testing.T) {
	for _, test := range []struct {
		name string
		kind peer.Sink
		path string
		want string
	}{
		{"otlp", peer.OTLP, "/v1/traces", "export request of 3 bytes"},
		{"zipkin", peer.Zipkin, "/api/v2/spans", "list of spans of 3 bytes"},
		{"wrong path", peer.OTLP, "/v2/traces", `POST "/v2/traces": want POST /v1/traces`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := sink.Start(test.kind)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			resp, err := http.Post("http://"+s.Addr()+test.path, "", bytes.NewReader([]byte("???")))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if err := s.Err(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want %q in it", err, test.want)
			}
			if got := s.Spans(); got != 0 {
				t.Errorf("got %d spans, want 0", got)
			}
		})
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestWaitEnds(t *testing.T) {
	s, err := sink.Start(peer.UDP)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := sink.Wait(ctx, s, 1); got != 0 {
		t.Errorf("got %d spans, want 0", got)
	}
	if _, err := sink.Start(peer.None); err == nil {
		t.Error("a sink of no kind was started")
	}
}
