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

// WithQueueLimit sets how many bytes may wait for the decoder.
func WithQueueLimit(bytes int) Option {
	return func(s *settings) { s.queueLimit = bytes }
}

// Queued returns how many bytes wait for the decoder.
func (a *Agent) Queued() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.queued
}
