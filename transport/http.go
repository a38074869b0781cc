// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"context"
	"fmt"

	"github.com/jaegerkit/jaeger/model"
)

// HTTP sends spans to a Jaeger collector, or anything that takes what one takes:
// each request is a POST whose body is the struct Batch of jaeger.thrift in
// Thrift's binary encoding, with the content type application/x-thrift.
//
// A request holds up to 1000 spans and 1 MiB (WithBatchSize,
// WithMaxRequestSize). A larger span travels alone, up to 4 MiB; beyond that it
// is sent without its largest logs or tags and with a tag jaeger.reduced that
// names them.
//
// Only an answer of 2xx is a success. Network errors, 429 and passing 5xx are
// tried again, as long as the budget of WithRetry lasts; a Send takes that long
// for each of its requests at worst, and spans that finish meanwhile wait in the
// reporter's bounded queue. A collector whose answer got lost may get a request
// twice.
//
// 301, 302 and 303 are errors, since following them turns a POST into a GET;
// 307 and 308 are followed up to 5 times, but never from https to http, and
// without credentials and extra headers where they lead to another origin.
// HTTP_PROXY, HTTPS_PROXY and NO_PROXY count, as in net/http.
//
// NewHTTP makes one; the zero HTTP is a closed one.
type HTTP struct{ d delivery }

// NewHTTP makes a transport to the collector at url, such as
// http://collector:14268/api/traces. http and https are accepted; where there is
// no path, /api/traces is added. The query is kept. A user and password in it
// count as WithBasicAuth. A URL or option that makes no sense is an error that
// lists all of them; nil options are skipped. Nothing is connected to before the
// first Send.
func NewHTTP(url string, opts ...HTTPOption) (*HTTP, error) {
	h := &HTTP{}
	if err := h.d.setUp(url, "/api/traces", binaryForm{}, opts); err != nil {
		return nil, fmt.Errorf("http transport: %w", err)
	}
	return h, nil
}

// Send implements Sender. How long it takes is bounded by ctx and, for each of
// its requests, by WithRetry and one WithTimeout.
func (h *HTTP) Send(ctx context.Context, b *model.Batch) (n int, err error) { return h.d.send(ctx, b) }

// Encode implements Encoder for spans of up to 32 KiB, encoded.
func (h *HTTP) Encode(dst []byte, span *model.Span) ([]byte, bool) { return h.d.encode(dst, span) }

// SendEncoded implements Encoder.
func (h *HTTP) SendEncoded(ctx context.Context, b *EncodedBatch) (n int, err error) {
	return h.d.sendEncoded(ctx, b)
}

// Reduced implements Reducer. It may be called from any goroutine.
func (h *HTTP) Reduced() uint64 { return h.d.reduced.Load() }

// Close ends a Send that is still running, which returns ErrClosed, and closes
// the connections. It may be called more than once and from any goroutine.
func (h *HTTP) Close() error { return h.d.post.close() }
