// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"context"
	"fmt"

	"github.com/jaegerkit/jaeger/model"
)

// Zipkin sends spans to a Zipkin server, or anything that takes what one takes,
// as a JSON list of version 2 of its format. It delivers as HTTP does, with the
// same options and bounds.
//
// What a span becomes:
//
//   - kind is taken from the tag span.kind if it is client, server, producer or
//     consumer; another value stays a tag
//   - localEndpoint is the service's name, up to 1 KiB of it, and the address in
//     its tag ip
//   - remoteEndpoint comes from the tags peer.service, peer.ipv4, peer.ipv6,
//     peer.port and, where those name no address, peer.address; one that cannot
//     be understood stays a tag
//   - logs become annotations: the value of the only field if its key is event,
//     else a JSON object of all fields
//   - all other tags become strings, of equal keys the last one; numbers in
//     decimal digits, bytes in base64. The tag error=false is left out, since
//     Zipkin takes any tag error for a failure
//   - the tags of the process go to the first span of a trace in this process
//     (model.Span.LocalRoot), where the span has none of the same key
//   - shared is set for model.Span.Shared; references besides the parent are
//     not sent, the format has none
//   - times are microseconds, a duration is 1 at least, a time before 1970 is
//     left out
//
// A span whose trace or span id is zero is counted as lost in encoding: a server
// would refuse the whole request for it.
//
// NewZipkin makes one; the zero Zipkin is a closed one.
//
// The format is https://zipkin.io/zipkin-api/zipkin2-api.yaml.
type Zipkin struct{ d delivery }

// NewZipkin makes a transport to the server at url, such as
// http://zipkin:9411/api/v2/spans, which is also the path that is added where
// there is none. All else is as for NewHTTP.
func NewZipkin(url string, opts ...HTTPOption) (*Zipkin, error) {
	z := &Zipkin{}
	if err := z.d.setUp(url, "/api/v2/spans", &zipkinForm{}, opts); err != nil {
		return nil, fmt.Errorf("zipkin transport: %w", err)
	}
	return z, nil
}

// Send implements Sender. How long it takes is bounded by ctx and, for each of
// its requests, by WithRetry and one WithTimeout.
func (z *Zipkin) Send(ctx context.Context, b *model.Batch) (n int, err error) {
	return z.d.send(ctx, b)
}

// Encode implements Encoder for spans of up to 32 KiB, encoded.
func (z *Zipkin) Encode(dst []byte, span *model.Span) ([]byte, bool) { return z.d.encode(dst, span) }

// SendEncoded implements Encoder.
func (z *Zipkin) SendEncoded(ctx context.Context, b *EncodedBatch) (n int, err error) {
	return z.d.sendEncoded(ctx, b)
}

// Reduced implements Reducer. It may be called from any goroutine.
func (z *Zipkin) Reduced() uint64 { return z.d.reduced.Load() }

// Close ends a Send that is still running, which returns ErrClosed, and closes
// the connections. It may be called more than once and from any goroutine.
func (z *Zipkin) Close() error { return z.d.post.close() }
