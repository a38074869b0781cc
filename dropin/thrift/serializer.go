// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"context"
	"sync"
)

// TSerializer encodes one struct at a time into memory.
type TSerializer struct {
	Transport *TMemoryBuffer
	Protocol  TProtocol
}

// NewTSerializer returns one that writes the binary protocol.
func NewTSerializer() *TSerializer {
	t := NewTMemoryBufferLen(1024)
	return &TSerializer{t, NewTBinaryProtocolTransport(t)}
}

// Write returns msg encoded, in memory of the caller.
func (t *TSerializer) Write(ctx context.Context, msg TStruct) (b []byte, err error) {
	s, err := t.WriteString(ctx, msg)
	if err != nil {
		return nil, err
	}
	return []byte(s), nil
}

// WriteString is Write as a string.
func (t *TSerializer) WriteString(ctx context.Context, msg TStruct) (s string, err error) {
	t.Transport.Reset()
	err = inOrder(
		func() error { return msg.Write(ctx, t.Protocol) },
		func() error { return t.Protocol.Flush(ctx) },
		func() error { return t.Transport.Flush(ctx) },
	)
	if err != nil {
		return "", err
	}
	return t.Transport.String(), nil
}

// TSerializerPool is a TSerializer for any number of goroutines.
type TSerializerPool struct{ pool sync.Pool }

// NewTSerializerPool returns one over serializers that f makes.
func NewTSerializerPool(f func() *TSerializer) *TSerializerPool {
	return &TSerializerPool{sync.Pool{New: func() any { return f() }}}
}

// NewTSerializerPoolSizeFactory returns one over serializers that start with
// size bytes and use factory's protocol.
func NewTSerializerPoolSizeFactory(size int, factory TProtocolFactory) *TSerializerPool {
	return NewTSerializerPool(func() *TSerializer {
		t := NewTMemoryBufferLen(size)
		return &TSerializer{t, factory.GetProtocol(t)}
	})
}

// Write is TSerializer's.
func (t *TSerializerPool) Write(ctx context.Context, msg TStruct) ([]byte, error) {
	s := t.pool.Get().(*TSerializer)
	defer t.pool.Put(s)
	return s.Write(ctx, msg)
}

// WriteString is TSerializer's.
func (t *TSerializerPool) WriteString(ctx context.Context, msg TStruct) (string, error) {
	s := t.pool.Get().(*TSerializer)
	defer t.pool.Put(s)
	return s.WriteString(ctx, msg)
}
