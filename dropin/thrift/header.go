// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"context"
	"errors"
	"fmt"
	"io"

	apache "github.com/apache/thrift/lib/go/thrift"
)

// Numbers of THeader frames.
const (
	THeaderHeaderMagic  uint32 = 0x0fff0000
	THeaderHeaderMask   uint32 = 0xffff0000
	THeaderFlagsMask    uint32 = 0x0000ffff
	THeaderMaxFrameSize uint32 = 0x3fffffff
)

// THeaderMap is what THeader carries beside a message.
type THeaderMap map[string]string

// THeaderInfoType is the kind of a header block.
type THeaderInfoType int32

// InfoKeyValue is the one kind there is.
const InfoKeyValue THeaderInfoType = 1

// THeaderTransformID names a transformation of frames.
type THeaderTransformID int32

// The values of THeaderTransformID.
const (
	TransformNone THeaderTransformID = iota
	TransformZlib
)

// THeaderProtocolID names the protocol inside a frame.
type THeaderProtocolID int32

// The values of THeaderProtocolID.
const (
	THeaderProtocolBinary  THeaderProtocolID = 0x00
	THeaderProtocolCompact THeaderProtocolID = 0x02
	THeaderProtocolDefault                   = THeaderProtocolBinary
)

// Validate fails for an unknown protocol.
func (id THeaderProtocolID) Validate() error {
	if id == THeaderProtocolBinary || id == THeaderProtocolCompact {
		return nil
	}
	return NewTApplicationException(INVALID_PROTOCOL, fmt.Sprintf("THeader protocol id %#x not supported", int32(id)))
}

// GetProtocol returns the protocol over trans.
func (id THeaderProtocolID) GetProtocol(trans TTransport) (TProtocol, error) {
	switch id {
	case THeaderProtocolBinary:
		return NewTBinaryProtocolTransport(trans), nil
	case THeaderProtocolCompact:
		return NewTCompactProtocol(trans), nil
	}
	return nil, id.Validate()
}

// THeaderProtocolIDPtr returns a pointer to a valid id.
func THeaderProtocolIDPtr(id THeaderProtocolID) (*THeaderProtocolID, error) {
	if err := id.Validate(); err != nil {
		return nil, err
	}
	return &id, nil
}

// THeaderProtocolIDPtrMust is THeaderProtocolIDPtr for constants: it panics
// where that fails.
func THeaderProtocolIDPtrMust(id THeaderProtocolID) *THeaderProtocolID {
	p, err := THeaderProtocolIDPtr(id)
	if err != nil {
		panic(err)
	}
	return p
}

// THeaderProtocol is a protocol inside THeader frames.
type THeaderProtocol struct{ engine }

// NewTHeaderProtocol returns one with the defaults.
func NewTHeaderProtocol(trans TTransport) *THeaderProtocol { return NewTHeaderProtocolConf(trans, nil) }

// NewTHeaderProtocolConf returns one set up with conf. A THeaderTransport is
// used as it is, any other transport put into one.
func NewTHeaderProtocolConf(trans TTransport, conf *TConfiguration) *THeaderProtocol {
	PropagateTConfiguration(trans, conf)
	h, ok := trans.(*THeaderTransport)
	if !ok {
		h = NewTHeaderTransportConf(trans, conf)
	}
	return &THeaderProtocol{engine{apache.NewTHeaderProtocolConf(h.t, conf.lower()), h, false}}
}

func (p *THeaderProtocol) header() *apache.THeaderProtocol { return p.p.(*apache.THeaderProtocol) }

// Flush ends the frame, with the transport's sequence id and flags.
func (p *THeaderProtocol) Flush(ctx context.Context) error {
	p.trans.(*THeaderTransport).push()
	return p.engine.Flush(ctx)
}

// ReadFrame reads the next frame.
func (p *THeaderProtocol) ReadFrame(ctx context.Context) error {
	return p.trans.(*THeaderTransport).ReadFrame(ctx)
}

// AddTransform adds a transformation to what is written from now on.
func (p *THeaderProtocol) AddTransform(transform THeaderTransformID) error {
	//lint:ignore SA1019 it is what the old name stands for
	return raise(p.header().AddTransform(apache.THeaderTransformID(transform)))
}

// SetWriteHeader sets a header of the frames to come.
func (p *THeaderProtocol) SetWriteHeader(key, value string) { p.header().SetWriteHeader(key, value) }

// ClearWriteHeaders removes them all.
func (p *THeaderProtocol) ClearWriteHeaders() { p.header().ClearWriteHeaders() }

// GetReadHeaders returns the headers of the frame read last.
func (p *THeaderProtocol) GetReadHeaders() THeaderMap { return THeaderMap(p.header().GetReadHeaders()) }

type headerProtocols struct{ conf *TConfiguration }

// NewTHeaderProtocolFactory returns a factory with the defaults.
func NewTHeaderProtocolFactory() TProtocolFactory { return NewTHeaderProtocolFactoryConf(nil) }

// NewTHeaderProtocolFactoryConf returns a factory set up with conf.
func NewTHeaderProtocolFactoryConf(conf *TConfiguration) TProtocolFactory {
	return &headerProtocols{conf}
}

func (f *headerProtocols) GetProtocol(trans TTransport) TProtocol {
	return NewTHeaderProtocolConf(trans, f.conf)
}

func (f *headerProtocols) SetTConfiguration(conf *TConfiguration) { f.conf = conf }

// TransformReader undoes transformations while reading.
type TransformReader struct {
	io.Reader

	r *apache.TransformReader
}

// NewTransformReaderWithCapacity returns a reader of baseReader that expects
// so many transformations.
func NewTransformReaderWithCapacity(baseReader io.Reader, capacity int) *TransformReader {
	r := apache.NewTransformReaderWithCapacity(baseReader, max(capacity, 0))
	return &TransformReader{r, r}
}

// AddTransform adds the next one to undo.
func (tr *TransformReader) AddTransform(id THeaderTransformID) error {
	//lint:ignore SA1019 it is what the old name stands for
	return raise(tr.r.AddTransform(apache.THeaderTransformID(id)))
}

// Close ends the transformations; the reader below stays open.
func (tr *TransformReader) Close() error { return raise(tr.r.Close()) }

// TransformWriter applies transformations while writing.
type TransformWriter struct {
	io.Writer

	w *apache.TransformWriter
}

// NewTransformWriter returns a writer to baseWriter with the given transformations.
func NewTransformWriter(baseWriter io.Writer, transforms []THeaderTransformID) (io.WriteCloser, error) {
	ids := make([]apache.THeaderTransformID, len(transforms))
	for i, id := range transforms {
		ids[i] = apache.THeaderTransformID(id)
	}
	c, err := apache.NewTransformWriter(baseWriter, ids)
	if err != nil {
		return nil, raise(err)
	}
	w, ok := c.(*apache.TransformWriter)
	if !ok {
		return nil, errors.New("unexpected kind of transform writer")
	}
	return &TransformWriter{w, w}, nil
}

// AddTransform adds one more.
func (tw *TransformWriter) AddTransform(id THeaderTransformID) error {
	return raise(tw.w.AddTransform(apache.THeaderTransformID(id)))
}

// Close writes what is held back; the writer below stays open.
func (tw *TransformWriter) Close() error { return raise(tw.w.Close()) }
