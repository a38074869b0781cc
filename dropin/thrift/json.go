// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	apache "github.com/apache/thrift/lib/go/thrift"
)

// Pieces of JSON.
var (
	JSON_COMMA                        = []byte(",")
	JSON_COLON                        = []byte(":")
	JSON_LBRACE                       = []byte("{")
	JSON_RBRACE                       = []byte("}")
	JSON_LBRACKET                     = []byte("[")
	JSON_RBRACKET                     = []byte("]")
	JSON_QUOTE                   byte = '"'
	JSON_QUOTE_BYTES                  = []byte(`"`)
	JSON_NULL                         = []byte("null")
	JSON_TRUE                         = []byte("true")
	JSON_FALSE                        = []byte("false")
	JSON_INFINITY                     = "Infinity"
	JSON_NEGATIVE_INFINITY            = "-Infinity"
	JSON_NAN                          = "NaN"
	JSON_INFINITY_BYTES               = []byte("Infinity")
	JSON_NEGATIVE_INFINITY_BYTES      = []byte("-Infinity")
	JSON_NAN_BYTES                    = []byte("NaN")
)

// TSimpleJSONProtocol writes JSON for people and scripts. What it wrote it
// cannot read back in general.
type TSimpleJSONProtocol struct{ engine }

// NewTSimpleJSONProtocol returns one with the defaults.
func NewTSimpleJSONProtocol(t TTransport) *TSimpleJSONProtocol {
	return &TSimpleJSONProtocol{engine{apache.NewTSimpleJSONProtocolConf(t, nil), t, false}}
}

func (p *TSimpleJSONProtocol) json() *apache.TSimpleJSONProtocol {
	return p.p.(*apache.TSimpleJSONProtocol)
}

// OutputBool writes a value.
func (p *TSimpleJSONProtocol) OutputBool(value bool) error { return raise(p.json().OutputBool(value)) }

// OutputElemListBegin opens a list with its type and size.
func (p *TSimpleJSONProtocol) OutputElemListBegin(elemType TType, size int) error {
	return raise(p.json().OutputElemListBegin(apache.TType(elemType), size))
}

// OutputF64 writes a number.
func (p *TSimpleJSONProtocol) OutputF64(value float64) error { return raise(p.json().OutputF64(value)) }

// OutputI64 writes a number.
func (p *TSimpleJSONProtocol) OutputI64(value int64) error { return raise(p.json().OutputI64(value)) }

// OutputListBegin opens a list.
func (p *TSimpleJSONProtocol) OutputListBegin() error { return raise(p.json().OutputListBegin()) }

// OutputListEnd closes a list.
func (p *TSimpleJSONProtocol) OutputListEnd() error { return raise(p.json().OutputListEnd()) }

// OutputNull writes null.
func (p *TSimpleJSONProtocol) OutputNull() error { return raise(p.json().OutputNull()) }

// OutputObjectBegin opens an object.
func (p *TSimpleJSONProtocol) OutputObjectBegin() error { return raise(p.json().OutputObjectBegin()) }

// OutputObjectEnd closes an object.
func (p *TSimpleJSONProtocol) OutputObjectEnd() error { return raise(p.json().OutputObjectEnd()) }

// OutputPostValue goes on behind a value.
func (p *TSimpleJSONProtocol) OutputPostValue() error { return raise(p.json().OutputPostValue()) }

// OutputPreValue writes what separates a value from the one before.
func (p *TSimpleJSONProtocol) OutputPreValue() error { return raise(p.json().OutputPreValue()) }

// OutputString writes a quoted string.
func (p *TSimpleJSONProtocol) OutputString(s string) error { return raise(p.json().OutputString(s)) }

// OutputStringData writes s as it is.
func (p *TSimpleJSONProtocol) OutputStringData(s string) error {
	return raise(p.json().OutputStringData(s))
}

// ParseListEnd reads the end of a list.
func (p *TSimpleJSONProtocol) ParseListEnd() error { return raise(p.json().ParseListEnd()) }

// ParseObjectEnd reads the end of an object.
func (p *TSimpleJSONProtocol) ParseObjectEnd() error { return raise(p.json().ParseObjectEnd()) }

// ParsePostValue goes on behind a value.
func (p *TSimpleJSONProtocol) ParsePostValue() error { return raise(p.json().ParsePostValue()) }

// ParsePreValue reads what separates a value from the one before.
func (p *TSimpleJSONProtocol) ParsePreValue() error { return raise(p.json().ParsePreValue()) }

// ParseBase64EncodedBody reads the rest of a base64 string.
func (p *TSimpleJSONProtocol) ParseBase64EncodedBody() ([]byte, error) {
	v, err := p.json().ParseBase64EncodedBody()
	return v, raise(err)
}

// ParseF64 reads a number or null.
func (p *TSimpleJSONProtocol) ParseF64() (float64, bool, error) {
	v, null, err := p.json().ParseF64()
	return v, null, raise(err)
}

// ParseI64 reads a number or null.
func (p *TSimpleJSONProtocol) ParseI64() (int64, bool, error) {
	v, null, err := p.json().ParseI64()
	return v, null, raise(err)
}

// ParseListBegin reads the start of a list or null.
func (p *TSimpleJSONProtocol) ParseListBegin() (bool, error) {
	v, err := p.json().ParseListBegin()
	return v, raise(err)
}

// ParseObjectStart reads the start of an object or null.
func (p *TSimpleJSONProtocol) ParseObjectStart() (bool, error) {
	v, err := p.json().ParseObjectStart()
	return v, raise(err)
}

// ParseQuotedStringBody reads the rest of a quoted string.
func (p *TSimpleJSONProtocol) ParseQuotedStringBody() (string, error) {
	v, err := p.json().ParseQuotedStringBody()
	return v, raise(err)
}

// ParseStringBody reads the rest of a string.
func (p *TSimpleJSONProtocol) ParseStringBody() (string, error) {
	v, err := p.json().ParseStringBody()
	return v, raise(err)
}

// ParseElemListBegin reads the start of a list with its type and size.
func (p *TSimpleJSONProtocol) ParseElemListBegin() (elemType TType, size int, e error) {
	t, size, err := p.json().ParseElemListBegin()
	return TType(t), size, raise(err)
}

// TSimpleJSONProtocolFactory makes JSON protocols.
type TSimpleJSONProtocolFactory struct{}

// NewTSimpleJSONProtocolFactory returns one.
func NewTSimpleJSONProtocolFactory() *TSimpleJSONProtocolFactory {
	return &TSimpleJSONProtocolFactory{}
}

// GetProtocol implements TProtocolFactory.
func (p *TSimpleJSONProtocolFactory) GetProtocol(trans TTransport) TProtocol {
	return NewTSimpleJSONProtocol(trans)
}
