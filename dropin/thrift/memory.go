// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"bytes"
	"context"
	"math"
)

// TMemoryBuffer is a transport into memory.
type TMemoryBuffer struct {
	*bytes.Buffer
}

// NewTMemoryBuffer returns an empty one.
func NewTMemoryBuffer() *TMemoryBuffer { return NewTMemoryBufferLen(0) }

// NewTMemoryBufferLen returns an empty one with room for size bytes.
func NewTMemoryBufferLen(size int) *TMemoryBuffer {
	return &TMemoryBuffer{bytes.NewBuffer(make([]byte, 0, max(size, 0)))}
}

// Open does nothing.
func (p *TMemoryBuffer) Open() error { return nil }

// IsOpen is true.
func (p *TMemoryBuffer) IsOpen() bool { return true }

// Close forgets the contents.
func (p *TMemoryBuffer) Close() error {
	p.Reset()
	return nil
}

// Flush does nothing.
func (p *TMemoryBuffer) Flush(ctx context.Context) error { return nil }

// RemainingBytes returns how many bytes were written and not read.
func (p *TMemoryBuffer) RemainingBytes() (num_bytes uint64) { return uint64(p.Len()) }

// TMemoryBufferTransportFactory makes memory buffers.
type TMemoryBufferTransportFactory struct{ size int }

// NewTMemoryBufferTransportFactory returns one whose buffers have room for size
// bytes.
func NewTMemoryBufferTransportFactory(size int) *TMemoryBufferTransportFactory {
	return &TMemoryBufferTransportFactory{size}
}

// GetTransport returns an empty buffer, or one that starts with the contents of
// trans if that is a buffer.
func (p *TMemoryBufferTransportFactory) GetTransport(trans TTransport) (TTransport, error) {
	b := NewTMemoryBufferLen(p.size)
	if from, ok := trans.(*TMemoryBuffer); ok {
		b.Write(from.Bytes())
	}
	return b, nil
}

// RichTransport adds bytes and strings to a plain transport.
type RichTransport struct {
	TTransport
}

// NewTRichTransport returns a TRichTransport over trans.
func NewTRichTransport(trans TTransport) *RichTransport { return &RichTransport{trans} }

// ReadByte reads one byte, however often the transport returns none.
func (r *RichTransport) ReadByte() (c byte, err error) {
	var b [1]byte
	for range 100 {
		n, err := r.Read(b[:])
		if n == 1 {
			return b[0], nil
		}
		if err != nil {
			return 0, err
		}
	}
	return 0, NewTTransportException(UNKNOWN_TRANSPORT_EXCEPTION, "the transport returns no bytes and no error")
}

// WriteByte writes one byte.
func (r *RichTransport) WriteByte(c byte) error {
	_, err := r.Write([]byte{c})
	return err
}

// WriteString writes s.
func (r *RichTransport) WriteString(s string) (n int, err error) { return r.Write([]byte(s)) }

// RemainingBytes asks the transport below.
func (r *RichTransport) RemainingBytes() (num_bytes uint64) {
	if r.TTransport == nil {
		return math.MaxUint64
	}
	return r.TTransport.RemainingBytes()
}

type sameTransports struct{}

// NewTTransportFactory returns a factory that returns transports as they are.
func NewTTransportFactory() TTransportFactory { return sameTransports{} }

func (sameTransports) GetTransport(trans TTransport) (TTransport, error) { return trans, nil }
