// SPDX-License-Identifier: Apache-2.0

// Package thrift is the Thrift runtime under the types of thrift-gen: protocols,
// transports, exceptions, a client and a server, under the names they have in
// jaeger-client-go. The work is done by github.com/apache/thrift.
//
//	buf := thrift.NewTMemoryBuffer()
//	err := batch.Write(ctx, thrift.NewTBinaryProtocolTransport(buf))
//	if err != nil {
//		return err
//	}
//	body := buf.Bytes()
//
// What it promises: the types are its own, so that code which implements
// TProtocol or TTransport compiles whatever apache/thrift adds to its own
// interfaces; exceptions of the lower library arrive as exceptions of this one,
// with errors.Is and errors.As reaching through them.
package thrift

import (
	"context"
	"io"
)

// TType is the type of a value on the wire.
type TType byte

// The values of TType. UTF8 and UTF16 exist in name only.
const (
	STOP   = 0
	VOID   = 1
	BOOL   = 2
	BYTE   = 3
	I08    = 3
	DOUBLE = 4
	I16    = 6
	I32    = 8
	I64    = 10
	STRING = 11
	UTF7   = 11
	STRUCT = 12
	MAP    = 13
	SET    = 14
	LIST   = 15
	UTF8   = 16
	UTF16  = 17
)

var typeNames = map[TType]string{
	STOP: "STOP", VOID: "VOID", BOOL: "BOOL", BYTE: "BYTE", DOUBLE: "DOUBLE", I16: "I16", I32: "I32", I64: "I64",
	STRING: "STRING", STRUCT: "STRUCT", MAP: "MAP", SET: "SET", LIST: "LIST", UTF8: "UTF8", UTF16: "UTF16",
}

// String names the type, "Unknown" where there is none of that number.
func (p TType) String() string {
	if name, ok := typeNames[p]; ok {
		return name
	}
	return "Unknown"
}

// TMessageType is the kind of a message.
type TMessageType int32

// The values of TMessageType.
const (
	INVALID_TMESSAGE_TYPE TMessageType = 0
	CALL                  TMessageType = 1
	REPLY                 TMessageType = 2
	EXCEPTION             TMessageType = 3
	ONEWAY                TMessageType = 4
)

// Flusher is implemented by what holds bytes back.
type Flusher interface {
	Flush() (err error)
}

// ContextFlusher is Flusher with a context.
type ContextFlusher interface {
	Flush(ctx context.Context) (err error)
}

// ReadSizeProvider says how many bytes are left to read, the largest uint64
// where nobody knows.
type ReadSizeProvider interface {
	RemainingBytes() (num_bytes uint64)
}

// TTransport carries bytes. One goroutine at a time reads, and one writes.
type TTransport interface {
	io.ReadWriteCloser
	ContextFlusher
	ReadSizeProvider

	// Open prepares the transport.
	Open() error
	// IsOpen reports whether it can be used.
	IsOpen() bool
}

// TRichTransport is what protocols like to work on.
type TRichTransport interface {
	io.ReadWriter
	io.ByteReader
	io.ByteWriter
	stringWriter
	ContextFlusher
	ReadSizeProvider
}

type stringWriter interface {
	WriteString(s string) (n int, err error)
}

// TTransportFactory wraps a transport in another.
type TTransportFactory interface {
	GetTransport(trans TTransport) (TTransport, error)
}

// TServerTransport accepts connections.
type TServerTransport interface {
	Listen() error
	Accept() (TTransport, error)
	Close() error
	// Interrupt makes a waiting Accept return. It may be called from any
	// goroutine.
	Interrupt() error
}

// TStruct is a value that protocols can carry.
type TStruct interface {
	Write(ctx context.Context, p TProtocol) error
	Read(ctx context.Context, p TProtocol) error
}

// TProtocolFactory makes the protocol over a transport.
type TProtocolFactory interface {
	GetProtocol(trans TTransport) TProtocol
}
