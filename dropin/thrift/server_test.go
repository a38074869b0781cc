// SPDX-License-Identifier: Apache-2.0

package thrift_test

import (
	"context"
	"errors"
	"math"
	"net"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/uber/jaeger-client-go/thrift"
	"github.com/uber/jaeger-client-go/thrift-gen/baggage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// wire is a transport over a connection.
type wire struct{ net.Conn }

func (wire) Open() error                 { return nil }
func (wire) IsOpen() bool                { return true }
func (wire) Flush(context.Context) error { return nil }
func (wire) RemainingBytes() uint64      { return math.MaxUint64 }

// switchboard is a server transport whose connections are made by dial.
type switchboard struct {
	conns chan net.Conn
	stop  sync.Once
	done  chan struct{}
}

func newSwitchboard() *switchboard {
	return &switchboard{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (s *switchboard) Listen() error    { return nil }
func (s *switchboard) Close() error     { return s.Interrupt() }
func (s *switchboard) Interrupt() error { s.stop.Do(func() { close(s.done) }); return nil }

func (s *switchboard) Accept() (thrift.TTransport, error) {
	select {
	case c := <-s.conns:
		return wire{c}, nil
	case <-s.done:
		return nil, errors.New("interrupted")
	}
}

func (s *switchboard) dial() thrift.TTransport {
	a, b := net.Pipe()
	s.conns <- b
	return wire{a}
}

// restrictions answers by the name of the service asked for.
type restrictions struct{}

func (restrictions) GetBaggageRestrictions(ctx context.Context, service string) ([]*baggage.BaggageRestriction, error) {
	switch service {
	case "fails":
		return nil, errors.New("no such service")
	case "panics":
		panic("boom")
	case "abandons":
		return nil, thrift.ErrAbandonRequest
	}
	key := service
	if v, ok := thrift.GetHeader(ctx, "tenant"); ok {
		key += "@" + v
	}
	if h, ok := thrift.GetResponseHelper(ctx); ok {
		h.SetHeader("seen", "yes")
	}
	return []*baggage.BaggageRestriction{{BaggageKey: key, MaxValueLength: 5}}, nil
}

func TestServer(t *testing.T) {
	t.Parallel()
	for name, factory := range protocols {
		board := newSwitchboard()
		var lines sync.Map
		server := thrift.NewTSimpleServer4(baggage.NewBaggageRestrictionManagerProcessor(restrictions{}), board,
			thrift.TTransportFactoryConf(thrift.NewTTransportFactory(), &thrift.TConfiguration{}), factory)
		server.SetLogger(func(msg string) { lines.Store(msg, true) })
		server.SetForwardHeaders([]string{"tenant"})
		served := make(chan error, 1)
		go func() { served <- server.Serve() }()

		call := func(service string, headers ...string) (string, error) {
			conn := board.dial()
			defer conn.Close()
			p := factory.GetProtocol(conn)
			client := baggage.NewBaggageRestrictionManagerClient(thrift.NewTStandardClient(p, p))
			ctx := ctx
			for _, h := range headers {
				ctx = thrift.SetHeader(ctx, h, "blue")
			}
			ctx = thrift.SetWriteHeaderList(ctx, headers)
			list, err := client.GetBaggageRestrictions(ctx, service)
			if err != nil {
				return "", err
			}
			return list[0].BaggageKey, nil
		}
		want := "checkout"
		_, framed := factory.GetProtocol(thrift.NewTMemoryBuffer()).(*thrift.THeaderProtocol)
		if framed {
			want += "@blue"
		}
		if got, err := call("checkout", "tenant"); err != nil || got != want {
			t.Errorf("%s: got %q %v, want %q", name, got, err, want)
		}
		_, err := call("fails")
		var e thrift.TApplicationException
		if !errors.As(err, &e) || e.TypeId() != thrift.INTERNAL_ERROR || !strings.Contains(err.Error(), "no such service") {
			t.Errorf("%s: got %v, want the server's error", name, err)
		}
		for _, service := range []string{"abandons", "panics"} {
			if _, err := call(service); err == nil {
				t.Errorf("%s: %s: got no error", name, service)
			}
		}
		idle := board.dial()
		if err := server.Stop(); err != nil {
			t.Errorf("%s: Stop: %v", name, err)
		}
		if err := server.Stop(); err != nil {
			t.Errorf("%s: second Stop: %v", name, err)
		}
		if err := <-served; err != nil {
			t.Errorf("%s: Serve: %v", name, err)
		}
		idle.Close()
		if _, ok := lines.Load("panic in a thrift handler: boom"); !ok {
			t.Errorf("%s: the panic was not logged", name)
		}
	}
}

func TestUnknownMethod(t *testing.T) {
	t.Parallel()
	in, out := thrift.NewTMemoryBuffer(), thrift.NewTMemoryBuffer()
	p, q := thrift.NewTBinaryProtocolTransport(in), thrift.NewTBinaryProtocolTransport(out)
	err := errors.Join(p.WriteMessageBegin(ctx, "nonsense", thrift.CALL, 1), p.WriteStructBegin(ctx, ""), p.WriteFieldStop(ctx), p.WriteStructEnd(ctx), p.WriteMessageEnd(ctx))
	if err != nil {
		t.Fatal(err)
	}
	_, e := baggage.NewBaggageRestrictionManagerProcessor(restrictions{}).Process(ctx, p, q)
	if e == nil {
		t.Error("got no exception")
	}
	err = thrift.NewTStandardClient(q, q).Recv(ctx, q, 1, "nonsense", baggage.NewBaggageRestriction())
	var app thrift.TApplicationException
	if !errors.As(err, &app) || app.TypeId() != thrift.UNKNOWN_METHOD {
		t.Errorf("got %v, want unknown method", err)
	}
}

func TestReceive(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		method string
		kind   thrift.TMessageType
		seq    int32
		want   int32
	}{
		{"other method", "other", thrift.REPLY, 1, thrift.WRONG_METHOD_NAME},
		{"other call", "m", thrift.REPLY, 2, thrift.BAD_SEQUENCE_ID},
		{"not an answer", "m", thrift.CALL, 1, thrift.INVALID_MESSAGE_TYPE_EXCEPTION},
	} {
		p := thrift.NewTCompactProtocol(thrift.NewTMemoryBuffer())
		if err := p.WriteMessageBegin(ctx, test.method, test.kind, test.seq); err != nil {
			t.Fatal(err)
		}
		err := thrift.NewTStandardClient(p, p).Recv(ctx, p, 1, "m", baggage.NewBaggageRestriction())
		var e thrift.TApplicationException
		if !errors.As(err, &e) || e.TypeId() != test.want {
			t.Errorf("%s: got %v, want type %d", test.name, err, test.want)
		}
	}
}
