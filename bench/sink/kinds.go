// SPDX-License-Identifier: Apache-2.0

package sink

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/openzipkin/zipkin-go/model"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/jaegerkit/jaeger/agenttest"
)

// udp is agenttest's agent, which keeps nothing.
type udp struct{ *agenttest.Agent }

func newUDP() (Sink, error) {
	a, err := agenttest.Start(agenttest.WithCountOnly())
	if err != nil {
		return nil, err
	}
	return udp{a}, nil
}

func (u udp) Spans() int64 { return u.SpanCount() }

// Err leaves out that sequence numbers repeat: the floor sends one packet again
// and again.
func (u udp) Err() error {
	if n := u.Rejected(); n > 0 {
		return fmt.Errorf("%d packets could not be decoded: %w", n, errors.Join(u.Errors()...))
	}
	return nil
}

// httpSink takes POSTs to one path.
type httpSink struct {
	listener net.Listener
	server   *http.Server
	spans    atomic.Int64
	done     chan struct{}

	mu  sync.Mutex
	err error // the first
}

// newHTTP starts a server whose bodies decode counts the spans of.
func newHTTP(path string, decode func([]byte) (int, error)) (Sink, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &httpSink{listener: listener, done: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
		n, err := count(r, decode)
		if err != nil {
			s.fail(err)
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.spans.Add(int64(n))
		w.WriteHeader(http.StatusOK)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.fail(fmt.Errorf("%s %q: want POST %s", r.Method, r.URL.Path, path))
		http.NotFound(w, r)
	})
	s.server = &http.Server{Handler: mux}
	go func() {
		defer close(s.done)
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.fail(err)
		}
	}()
	return s, nil
}

func count(r *http.Request, decode func([]byte) (int, error)) (int, error) {
	var body io.Reader = r.Body
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(body)
		if err != nil {
			return 0, err
		}
		body = z
	default:
		return 0, fmt.Errorf("content encoding %q is not known", encoding)
	}
	b, err := io.ReadAll(body)
	if err != nil {
		return 0, err
	}
	return decode(b)
}

func (s *httpSink) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
}

func (s *httpSink) Addr() string { return s.listener.Addr().String() }

func (s *httpSink) Spans() int64 { return s.spans.Load() }

func (s *httpSink) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *httpSink) Close() error {
	err := s.server.Close()
	<-s.done
	return err
}

func decodeOTLP(b []byte) (n int, err error) {
	var request collector.ExportTraceServiceRequest
	if err := proto.Unmarshal(b, &request); err != nil {
		return 0, fmt.Errorf("export request of %d bytes: %w", len(b), err)
	}
	for _, resource := range request.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			n += len(scope.Spans)
		}
	}
	return n, nil
}

func decodeZipkin(b []byte) (int, error) {
	var spans []model.SpanModel
	if err := json.Unmarshal(b, &spans); err != nil {
		return 0, fmt.Errorf("list of spans of %d bytes: %w", len(b), err)
	}
	return len(spans), nil
}
