// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"context"

	apache "github.com/apache/thrift/lib/go/thrift"
)

// THeaderTransport puts messages into frames with headers.
type THeaderTransport struct {
	SequenceID int32
	Flags      uint32

	t *apache.THeaderTransport
}

// NewTHeaderTransport returns one with the defaults.
func NewTHeaderTransport(trans TTransport) *THeaderTransport {
	return NewTHeaderTransportConf(trans, nil)
}

// NewTHeaderTransportConf returns one set up with conf. A THeaderTransport is
// returned as it is.
func NewTHeaderTransportConf(trans TTransport, conf *TConfiguration) *THeaderTransport {
	if h, ok := trans.(*THeaderTransport); ok {
		h.SetTConfiguration(conf)
		return h
	}
	PropagateTConfiguration(trans, conf)
	return &THeaderTransport{t: apache.NewTHeaderTransportConf(trans, conf.lower())}
}

// push and pull keep the exported fields and those below the same.
func (t *THeaderTransport) push() { t.t.SequenceID, t.t.Flags = t.SequenceID, t.Flags }
func (t *THeaderTransport) pull() { t.SequenceID, t.Flags = t.t.SequenceID, t.t.Flags }

// Open opens the transport below.
func (t *THeaderTransport) Open() error { return raise(t.t.Open()) }

// IsOpen asks the transport below.
func (t *THeaderTransport) IsOpen() bool { return t.t.IsOpen() }

// Close closes the transport below.
func (t *THeaderTransport) Close() error { return raise(t.t.Close()) }

// Read reads from the current frame.
func (t *THeaderTransport) Read(p []byte) (read int, err error) {
	read, err = t.t.Read(p)
	t.pull()
	return read, raise(err)
}

// ReadFrame reads the next frame.
func (t *THeaderTransport) ReadFrame(ctx context.Context) error {
	err := t.t.ReadFrame(ctx)
	t.pull()
	return raise(err)
}

// Write adds to the frame being written.
func (t *THeaderTransport) Write(p []byte) (int, error) {
	n, err := t.t.Write(p)
	return n, raise(err)
}

// Flush ends the frame and sends it.
func (t *THeaderTransport) Flush(ctx context.Context) error {
	t.push()
	return raise(t.t.Flush(ctx))
}

// RemainingBytes says what is left of the frame.
func (t *THeaderTransport) RemainingBytes() uint64 { return t.t.RemainingBytes() }

// GetReadHeaders returns the headers of the frame read last.
func (t *THeaderTransport) GetReadHeaders() THeaderMap { return THeaderMap(t.t.GetReadHeaders()) }

// SetWriteHeader sets a header of the frames to come.
func (t *THeaderTransport) SetWriteHeader(key, value string) { t.t.SetWriteHeader(key, value) }

// ClearWriteHeaders removes them all.
func (t *THeaderTransport) ClearWriteHeaders() { t.t.ClearWriteHeaders() }

// AddTransform adds a transformation to what is written from now on.
func (t *THeaderTransport) AddTransform(transform THeaderTransformID) error {
	return raise(t.t.AddTransform(apache.THeaderTransformID(transform)))
}

// Protocol returns the protocol inside the frame read last, or to be written.
func (t *THeaderTransport) Protocol() THeaderProtocolID { return THeaderProtocolID(t.t.Protocol()) }

// SetTConfiguration implements TConfigurationSetter.
func (t *THeaderTransport) SetTConfiguration(cfg *TConfiguration) {
	if cfg != nil {
		t.t.SetTConfiguration(cfg.lower())
	}
}

// THeaderTransportFactory makes THeader transports over those of Factory.
type THeaderTransportFactory struct {
	Factory TTransportFactory // may be nil

	conf *TConfiguration
}

// NewTHeaderTransportFactory returns one with the defaults.
func NewTHeaderTransportFactory(factory TTransportFactory) TTransportFactory {
	return NewTHeaderTransportFactoryConf(factory, nil)
}

// NewTHeaderTransportFactoryConf returns one set up with conf.
func NewTHeaderTransportFactoryConf(factory TTransportFactory, conf *TConfiguration) TTransportFactory {
	return &THeaderTransportFactory{factory, conf}
}

// GetTransport implements TTransportFactory.
func (f *THeaderTransportFactory) GetTransport(trans TTransport) (TTransport, error) {
	if f.Factory != nil {
		t, err := f.Factory.GetTransport(trans)
		if err != nil {
			return nil, err
		}
		trans = t
	}
	return NewTHeaderTransportConf(trans, f.conf), nil
}

// SetTConfiguration implements TConfigurationSetter.
func (f *THeaderTransportFactory) SetTConfiguration(cfg *TConfiguration) {
	PropagateTConfiguration(f.Factory, cfg)
	f.conf = cfg
}
