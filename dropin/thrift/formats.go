// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	apache "github.com/apache/thrift/lib/go/thrift"
)

// Numbers of the binary protocol.
const (
	VERSION_MASK = 0xffff0000
	VERSION_1    = 0x80010000
)

// Numbers of the compact protocol.
const (
	COMPACT_PROTOCOL_ID       = 0x082
	COMPACT_VERSION           = 1
	COMPACT_VERSION_MASK      = 0x1f
	COMPACT_TYPE_MASK         = 0x0E0
	COMPACT_TYPE_BITS         = 0x07
	COMPACT_TYPE_SHIFT_AMOUNT = 5
)

// The types of the compact protocol.
const (
	COMPACT_BOOLEAN_TRUE  = 0x01
	COMPACT_BOOLEAN_FALSE = 0x02
	COMPACT_BYTE          = 0x03
	COMPACT_I16           = 0x04
	COMPACT_I32           = 0x05
	COMPACT_I64           = 0x06
	COMPACT_DOUBLE        = 0x07
	COMPACT_BINARY        = 0x08
	COMPACT_LIST          = 0x09
	COMPACT_SET           = 0x0A
	COMPACT_MAP           = 0x0B
	COMPACT_STRUCT        = 0x0C
)

// TBinaryProtocol is Thrift's plain encoding, what a collector takes over HTTP.
type TBinaryProtocol struct{ engine }

// NewTBinaryProtocolTransport returns one with the defaults.
func NewTBinaryProtocolTransport(t TTransport) *TBinaryProtocol {
	return NewTBinaryProtocolConf(t, nil)
}

// NewTBinaryProtocol returns one that reads and writes messages without a
// version if not told to be strict.
func NewTBinaryProtocol(t TTransport, strictRead, strictWrite bool) *TBinaryProtocol {
	return NewTBinaryProtocolConf(t, &TConfiguration{TBinaryStrictRead: &strictRead, TBinaryStrictWrite: &strictWrite})
}

// NewTBinaryProtocolConf returns one set up with conf.
func NewTBinaryProtocolConf(t TTransport, conf *TConfiguration) *TBinaryProtocol {
	PropagateTConfiguration(t, conf)
	return &TBinaryProtocol{engine{apache.NewTBinaryProtocolConf(t, conf.lower()), t, true}}
}

// TBinaryProtocolFactory makes binary protocols.
type TBinaryProtocolFactory struct{ conf *TConfiguration }

// NewTBinaryProtocolFactoryDefault returns one with the defaults.
func NewTBinaryProtocolFactoryDefault() *TBinaryProtocolFactory {
	return NewTBinaryProtocolFactoryConf(nil)
}

// NewTBinaryProtocolFactory returns one, see NewTBinaryProtocol.
func NewTBinaryProtocolFactory(strictRead, strictWrite bool) *TBinaryProtocolFactory {
	return NewTBinaryProtocolFactoryConf(&TConfiguration{TBinaryStrictRead: &strictRead, TBinaryStrictWrite: &strictWrite})
}

// NewTBinaryProtocolFactoryConf returns one set up with conf.
func NewTBinaryProtocolFactoryConf(conf *TConfiguration) *TBinaryProtocolFactory {
	return &TBinaryProtocolFactory{conf}
}

// GetProtocol implements TProtocolFactory.
func (p *TBinaryProtocolFactory) GetProtocol(t TTransport) TProtocol {
	return NewTBinaryProtocolConf(t, p.conf)
}

// SetTConfiguration implements TConfigurationSetter.
func (p *TBinaryProtocolFactory) SetTConfiguration(conf *TConfiguration) { p.conf = conf }

// TCompactProtocol is Thrift's short encoding, what an agent takes over UDP.
type TCompactProtocol struct{ engine }

// NewTCompactProtocol returns one with the defaults.
func NewTCompactProtocol(trans TTransport) *TCompactProtocol {
	return NewTCompactProtocolConf(trans, nil)
}

// NewTCompactProtocolConf returns one set up with conf.
func NewTCompactProtocolConf(trans TTransport, conf *TConfiguration) *TCompactProtocol {
	PropagateTConfiguration(trans, conf)
	return &TCompactProtocol{engine{apache.NewTCompactProtocolConf(trans, conf.lower()), trans, true}}
}

// TCompactProtocolFactory makes compact protocols.
type TCompactProtocolFactory struct{ conf *TConfiguration }

// NewTCompactProtocolFactory returns one with the defaults.
func NewTCompactProtocolFactory() *TCompactProtocolFactory {
	return NewTCompactProtocolFactoryConf(nil)
}

// NewTCompactProtocolFactoryConf returns one set up with conf.
func NewTCompactProtocolFactoryConf(conf *TConfiguration) *TCompactProtocolFactory {
	return &TCompactProtocolFactory{conf}
}

// GetProtocol implements TProtocolFactory.
func (p *TCompactProtocolFactory) GetProtocol(trans TTransport) TProtocol {
	return NewTCompactProtocolConf(trans, p.conf)
}

// SetTConfiguration implements TConfigurationSetter.
func (p *TCompactProtocolFactory) SetTConfiguration(conf *TConfiguration) { p.conf = conf }
