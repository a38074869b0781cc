// SPDX-License-Identifier: Apache-2.0

package zipkin

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/jaegerkit/jaeger/model"
	house "github.com/jaegerkit/jaeger/transport"
	"github.com/uber/jaeger-client-go/internal/client"
	"github.com/uber/jaeger-client-go/internal/native"
	"github.com/uber/jaeger-client-go/thrift"
	"github.com/uber/jaeger-client-go/thrift-gen/zipkincore"
)

const (
	retryFor   = 30 * time.Second // after the first try
	firstPause = 250 * time.Millisecond
	longPause  = 8 * time.Second
	mostAnswer = 64 << 10 // bytes of an answer that are read, so that the connection can be used again
)

// first sends version 1 of Zipkin's format: a list of zipkincore.Span in Thrift's
// binary encoding.
type first struct {
	url      string
	settings client.Settings
	client   *http.Client
	closing  context.Context
	close    context.CancelFunc
	idle     func()
	buffer   *thrift.TMemoryBuffer
}

func newFirst(raw string, s client.Settings) (*first, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("zipkin: url %.200q: %w", raw, errNoURL)
	}
	f := &first{url: raw, settings: s, idle: func() {}, buffer: thrift.NewTMemoryBuffer()}
	trip := s.RoundTripper
	if trip == nil {
		trip = http.DefaultTransport
		if standard, ok := trip.(*http.Transport); ok { // the program may have put something else there
			own := standard.Clone()
			trip, f.idle = own, own.CloseIdleConnections
		}
	}
	f.client = &http.Client{Transport: trip, Timeout: s.RequestTimeout(), CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if r.Method != http.MethodPost || len(via) > 5 {
			return http.ErrUseLastResponse // a GET would be taken for a success
		}
		return nil
	}}
	f.closing, f.close = context.WithCancel(context.Background())
	return f, nil
}

// Send implements transport.Sender.
func (f *first) Send(ctx context.Context, b *model.Batch) (n int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(f.closing, cancel)()
	for len(b.Spans[n:]) > 0 {
		if f.closing.Err() != nil {
			return n, house.ErrClosed
		}
		some := b.Spans[n:min(n+f.settings.Spans(), len(b.Spans))]
		body, err := f.encode(some)
		if err != nil {
			return n, &house.Error{Cause: house.Encode, Spans: len(some), Err: err}
		}
		if err := f.deliver(ctx, body); err != nil {
			return n, &house.Error{Cause: house.Transport, Spans: len(some), Err: err}
		}
		n += len(some)
	}
	return n, nil
}

// Close ends a Send that is still running.
func (f *first) Close() error {
	f.close()
	f.idle()
	return nil
}

func (f *first) encode(spans []*model.Span) ([]byte, error) {
	ctx := context.Background()
	f.buffer.Reset()
	p := thrift.NewTBinaryProtocolTransport(f.buffer)
	if err := p.WriteListBegin(ctx, thrift.STRUCT, len(spans)); err != nil {
		return nil, err
	}
	for _, s := range spans {
		z, ok := native.ZipkinThrift(s).(*zipkincore.Span)
		if !ok || z == nil {
			return nil, fmt.Errorf("span %q has no Zipkin form", s.Operation)
		}
		if err := z.Write(ctx, p); err != nil {
			return nil, err
		}
	}
	if err := p.WriteListEnd(ctx); err != nil {
		return nil, err
	}
	return f.buffer.Bytes(), p.Flush(ctx)
}

// deliver tries again what may pass.
func (f *first) deliver(ctx context.Context, body []byte) error {
	start, pause := time.Now(), firstPause
	for {
		again, err := f.post(ctx, body)
		if err == nil || !again || time.Since(start)+pause > retryFor || ctx.Err() != nil {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
		pause = min(2*pause, longPause)
	}
}

func (f *first) post(ctx context.Context, body []byte) (again bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, f.url, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	r.Header.Set("Content-Type", "application/x-thrift")
	if f.settings.User != "" {
		r.SetBasicAuth(f.settings.User, f.settings.Password)
	}
	answer, err := f.client.Do(r)
	if err != nil {
		return true, err
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	if answer.StatusCode/100 == 2 {
		return false, nil
	}
	again = answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500
	return again, fmt.Errorf("zipkin server answers %d: %.200q", answer.StatusCode, text)
}
