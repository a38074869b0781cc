// SPDX-License-Identifier: Apache-2.0

package micro

import (
	"context"
	"net"
	"time"

	oldclient "github.com/uber/jaeger-client-go"

	"github.com/jaegerkit/jaeger/bench/peer"
	"github.com/jaegerkit/jaeger/bench/workload"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

var encoders = []string{peer.House, peer.Old}

// exported is how many spans go into one datagram of the export case.
const exported = 128

// keeper is a reporter that keeps the records.
type keeper struct{ spans []*model.Span }

func (k *keeper) Report(s *model.Span) { k.spans = append(k.spans, s) }

func (k *keeper) Close() error { return nil }

// houseSpans finishes n spans with this library.
func houseSpans(n int) ([]*model.Span, error) {
	k := &keeper{}
	client, err := peer.NewHouse(peer.Config{Data: workload.Standard.Data(), Sampled: true}, k)
	if err != nil {
		return nil, err
	}
	for i := range n {
		client.Child(i)
	}
	return k.spans, client.Close()
}

// oldSpans finishes n spans with jaeger-client-go.
func oldSpans(n int) ([]*oldclient.Span, error) {
	k := &oldKeeper{}
	client, err := peer.NewOld(peer.Config{Data: workload.Standard.Data(), Sampled: true}, k)
	if err != nil {
		return nil, err
	}
	for i := range n {
		client.Child(i)
	}
	return k.spans, client.Close()
}

type oldKeeper struct{ spans []*oldclient.Span }

func (k *oldKeeper) Report(s *oldclient.Span) { k.spans = append(k.spans, s) }

func (k *oldKeeper) Close() {}

// newEncode makes the budget's "model.Span -> Thrift compact". The old client's
// Append builds its Thrift structs and encodes them to learn their size; its
// second encoding, in Flush, is not counted here, nor is what either sends.
func newEncode(p peer.Info) (*Op, error) {
	if p.Name == peer.House {
		spans, err := houseSpans(exported)
		if err != nil {
			return nil, err
		}
		udp, err := transport.NewUDP("127.0.0.1:9") // nothing is sent
		if err != nil {
			return nil, err
		}
		buf := make([]byte, 0, 64<<10)
		return &Op{
			Run: func(n int) time.Duration {
				ok := true
				for i := range n {
					if buf, ok = udp.Encode(buf[:0], spans[i%exported]); !ok {
						panic("a span was not encoded")
					}
				}
				return 0
			},
			Close: udp.Close,
		}, nil
	}
	spans, err := oldSpans(exported)
	if err != nil {
		return nil, err
	}
	deaf, sender, err := oldSender()
	if err != nil {
		return nil, err
	}
	return &Op{
		Run: func(n int) (took time.Duration) {
			for n > 0 {
				k := min(n, exported)
				start := time.Now()
				for _, s := range spans[:k] {
					_, err := sender.Append(s)
					must(err)
				}
				took += time.Since(start)
				_, err := sender.Flush()
				must(err)
				n -= k
			}
			return took
		},
		Close: func() error { sender.Close(); return deaf.Close() },
	}, nil
}

// newExport makes the way from finished spans to a datagram in the kernel, 128
// spans at a time. The sink's socket is not read: the kernel does all of the
// sender's work and then throws the datagram away.
func newExport(p peer.Info) (*Op, error) {
	if p.Name == peer.House {
		spans, err := houseSpans(exported)
		if err != nil {
			return nil, err
		}
		deaf, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return nil, err
		}
		udp, err := transport.NewUDP(deaf.LocalAddr().String())
		if err != nil {
			return nil, err
		}
		batch := &model.Batch{Process: spans[0].Process, Spans: spans}
		return &Op{
			Run: func(n int) time.Duration {
				for range n {
					_, err := udp.Send(context.Background(), batch)
					must(err)
				}
				return 0
			},
			Close: func() error { udp.Close(); return deaf.Close() },
		}, nil
	}
	spans, err := oldSpans(exported)
	if err != nil {
		return nil, err
	}
	deaf, sender, err := oldSender()
	if err != nil {
		return nil, err
	}
	return &Op{
		Run: func(n int) time.Duration {
			for range n {
				for _, s := range spans {
					_, err := sender.Append(s)
					must(err)
				}
				_, err := sender.Flush()
				must(err)
			}
			return 0
		},
		Close: func() error { sender.Close(); return deaf.Close() },
	}, nil
}

func oldSender() (*net.UDPConn, oldclient.Transport, error) {
	deaf, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, nil, err
	}
	sender, err := oldclient.NewUDPTransport(deaf.LocalAddr().String(), 0)
	return deaf, sender, err
}

// must ends the program: an operation that fails is fast for the wrong reason.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
