// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"github.com/apache/thrift/lib/go/thrift"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
)

const (
	ErrorLimit  = errorLimit
	ClientLimit = clientLimit
	GapLimit    = gapLimit
)

func DecodeCompact(data []byte) (*jaeger.Batch, error) { return decode(data, compact) }

func DecodeBinary(data []byte) (*jaeger.Batch, error) { return decode(data, binary) }

// DecodeOver decodes with a protocol of the test's own.
func DecodeOver(data []byte, over func(thrift.TTransport, *thrift.TConfiguration) thrift.TProtocol) error {
	_, err := decode(data, protocol{"test", over})
	return err
}

func DecodeBatch(data []byte) (*jaeger.Batch, error) { return decodeBatch(data) }

func DecodeZipkin(data []byte) ([]*ZipkinSpan, error) { return decodeZipkin(data) }

// Held does the work and answers as usual, but only when release is closed.
func Held(release <-chan struct{}) Fault {
	return Fault{name: "Held", serves: true, serve: func(x *exchange) {
		<-release
		x.write(x.usual())
	}}
}

func StartHostAt(ip string) (*Host, error) { return startHost(ip) }

// WithRequestLimit sets how many requests are kept.
func WithRequestLimit(n int) Option {
	return Option{"WithRequestLimit", nil, func(s *settings) { s.requestLimit = n }}
}

// WithQueueLimit sets how many bytes may wait for the decoder.
func WithQueueLimit(bytes int) Option {
	return Option{"WithQueueLimit", []string{kindAgent}, func(s *settings) { s.queueLimit = bytes }}
}

// WithKeepLimit sets how many bytes on the wire are kept.
func WithKeepLimit(bytes int) Option {
	return Option{"WithKeepLimit", nil, func(s *settings) { s.keepLimit = bytes }}
}

// Queued returns how many bytes wait for the decoder.
func (a *Agent) Queued() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.queued
}
