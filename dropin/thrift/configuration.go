// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"crypto/tls"
	"time"

	apache "github.com/apache/thrift/lib/go/thrift"
)

// Defaults of TConfiguration: sizes in bytes, no time limits.
const (
	DEFAULT_MAX_MESSAGE_SIZE = 100 * 1024 * 1024
	DEFAULT_MAX_FRAME_SIZE   = 16384000

	DEFAULT_TBINARY_STRICT_READ  = false
	DEFAULT_TBINARY_STRICT_WRITE = true

	DEFAULT_CONNECT_TIMEOUT = 0
	DEFAULT_SOCKET_TIMEOUT  = 0
)

// TConfiguration sets up protocols and transports. Its zero value and nil mean
// the defaults, as does each field left out or below zero.
type TConfiguration struct {
	MaxMessageSize int32 // bytes
	MaxFrameSize   int32 // bytes

	ConnectTimeout time.Duration
	SocketTimeout  time.Duration

	TLSConfig *tls.Config

	TBinaryStrictRead  *bool
	TBinaryStrictWrite *bool

	THeaderProtocolID *THeaderProtocolID
}

// lower is the same for the library below; nil stays nil.
func (tc *TConfiguration) lower() *apache.TConfiguration {
	if tc == nil {
		return nil
	}
	c := &apache.TConfiguration{
		MaxMessageSize:     tc.MaxMessageSize,
		MaxFrameSize:       tc.MaxFrameSize,
		ConnectTimeout:     tc.ConnectTimeout,
		SocketTimeout:      tc.SocketTimeout,
		TLSConfig:          tc.TLSConfig,
		TBinaryStrictRead:  tc.TBinaryStrictRead,
		TBinaryStrictWrite: tc.TBinaryStrictWrite,
	}
	if tc.THeaderProtocolID != nil {
		id := apache.THeaderProtocolID(*tc.THeaderProtocolID)
		c.THeaderProtocolID = &id
	}
	return c
}

// GetMaxMessageSize returns the limit in force, in bytes.
func (tc *TConfiguration) GetMaxMessageSize() int32 {
	if tc == nil || tc.MaxMessageSize <= 0 {
		return DEFAULT_MAX_MESSAGE_SIZE
	}
	return tc.MaxMessageSize
}

// GetMaxFrameSize returns the limit in force, in bytes; never more than a
// message may have.
func (tc *TConfiguration) GetMaxFrameSize() int32 {
	if tc == nil || tc.MaxFrameSize <= 0 {
		return min(DEFAULT_MAX_FRAME_SIZE, tc.GetMaxMessageSize())
	}
	return min(tc.MaxFrameSize, tc.GetMaxMessageSize())
}

// GetConnectTimeout returns the limit in force; 0 is none.
func (tc *TConfiguration) GetConnectTimeout() time.Duration {
	if tc == nil || tc.ConnectTimeout < 0 {
		return DEFAULT_CONNECT_TIMEOUT
	}
	return tc.ConnectTimeout
}

// GetSocketTimeout returns the limit in force; 0 is none.
func (tc *TConfiguration) GetSocketTimeout() time.Duration {
	if tc == nil || tc.SocketTimeout < 0 {
		return DEFAULT_SOCKET_TIMEOUT
	}
	return tc.SocketTimeout
}

// GetTLSConfig returns TLSConfig, nil without one.
func (tc *TConfiguration) GetTLSConfig() *tls.Config {
	if tc == nil {
		return nil
	}
	return tc.TLSConfig
}

// GetTBinaryStrictRead reports whether binary messages without a version are refused.
func (tc *TConfiguration) GetTBinaryStrictRead() bool {
	if tc == nil || tc.TBinaryStrictRead == nil {
		return DEFAULT_TBINARY_STRICT_READ
	}
	return *tc.TBinaryStrictRead
}

// GetTBinaryStrictWrite reports whether binary messages are written with a version.
func (tc *TConfiguration) GetTBinaryStrictWrite() bool {
	if tc == nil || tc.TBinaryStrictWrite == nil {
		return DEFAULT_TBINARY_STRICT_WRITE
	}
	return *tc.TBinaryStrictWrite
}

// GetTHeaderProtocolID returns the protocol inside THeader, binary where the
// one set is unknown.
func (tc *TConfiguration) GetTHeaderProtocolID() THeaderProtocolID {
	if tc == nil || tc.THeaderProtocolID == nil || tc.THeaderProtocolID.Validate() != nil {
		return THeaderProtocolDefault
	}
	return *tc.THeaderProtocolID
}

// TConfigurationSetter is implemented by what a TConfiguration can set up.
type TConfigurationSetter interface {
	SetTConfiguration(*TConfiguration)
}

// PropagateTConfiguration sets up impl if it is a TConfigurationSetter.
func PropagateTConfiguration(impl interface{}, cfg *TConfiguration) {
	if cfg == nil {
		return
	}
	if s, ok := impl.(TConfigurationSetter); ok {
		s.SetTConfiguration(cfg)
	}
}

// TProtocolFactoryConf returns a factory whose protocols are set up with conf.
func TProtocolFactoryConf(delegate TProtocolFactory, conf *TConfiguration) TProtocolFactory {
	return configuredProtocols{delegate, conf}
}

type configuredProtocols struct {
	TProtocolFactory
	conf *TConfiguration
}

func (c configuredProtocols) GetProtocol(trans TTransport) TProtocol {
	PropagateTConfiguration(trans, c.conf)
	p := c.TProtocolFactory.GetProtocol(trans)
	PropagateTConfiguration(p, c.conf)
	return p
}

func (c configuredProtocols) SetTConfiguration(conf *TConfiguration) {
	PropagateTConfiguration(c.TProtocolFactory, conf)
}

// TTransportFactoryConf returns a factory whose transports are set up with conf.
func TTransportFactoryConf(delegate TTransportFactory, conf *TConfiguration) TTransportFactory {
	return configuredTransports{delegate, conf}
}

type configuredTransports struct {
	TTransportFactory
	conf *TConfiguration
}

func (c configuredTransports) GetTransport(trans TTransport) (TTransport, error) {
	PropagateTConfiguration(trans, c.conf)
	t, err := c.TTransportFactory.GetTransport(trans)
	if err == nil {
		PropagateTConfiguration(t, c.conf)
	}
	return t, err
}

func (c configuredTransports) SetTConfiguration(conf *TConfiguration) {
	PropagateTConfiguration(c.TTransportFactory, conf)
}
