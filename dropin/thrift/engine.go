// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"context"
	"fmt"

	apache "github.com/apache/thrift/lib/go/thrift"
)

// engine is a TProtocol done by one of apache/thrift: types change their name on
// the way, exceptions become those of this package.
type engine struct {
	p     apache.TProtocol
	trans TTransport // what Transport returns
	plain bool       // p reads from trans byte by byte, nothing ahead
}

// fits refuses containers of more elements than there are bytes left: generated
// code makes room for all of them before it reads the first.
func (e *engine) fits(size int, err error) error {
	if err != nil {
		return raise(err)
	}
	if e.plain && uint64(size) > e.trans.RemainingBytes() {
		return NewTProtocolExceptionWithType(SIZE_LIMIT, fmt.Errorf("container of %d elements in %d bytes", size, e.trans.RemainingBytes()))
	}
	return nil
}

func (e *engine) WriteMessageBegin(ctx context.Context, name string, typeId TMessageType, seqid int32) error {
	return raise(e.p.WriteMessageBegin(ctx, name, apache.TMessageType(typeId), seqid))
}

func (e *engine) WriteMessageEnd(ctx context.Context) error {
	return raise(e.p.WriteMessageEnd(ctx))
}

func (e *engine) WriteStructBegin(ctx context.Context, name string) error {
	return raise(e.p.WriteStructBegin(ctx, name))
}

func (e *engine) WriteStructEnd(ctx context.Context) error {
	return raise(e.p.WriteStructEnd(ctx))
}

func (e *engine) WriteFieldBegin(ctx context.Context, name string, typeId TType, id int16) error {
	return raise(e.p.WriteFieldBegin(ctx, name, apache.TType(typeId), id))
}

func (e *engine) WriteFieldEnd(ctx context.Context) error {
	return raise(e.p.WriteFieldEnd(ctx))
}

func (e *engine) WriteFieldStop(ctx context.Context) error {
	return raise(e.p.WriteFieldStop(ctx))
}

func (e *engine) WriteMapBegin(ctx context.Context, keyType TType, valueType TType, size int) error {
	return raise(e.p.WriteMapBegin(ctx, apache.TType(keyType), apache.TType(valueType), size))
}

func (e *engine) WriteMapEnd(ctx context.Context) error {
	return raise(e.p.WriteMapEnd(ctx))
}

func (e *engine) WriteListBegin(ctx context.Context, elemType TType, size int) error {
	return raise(e.p.WriteListBegin(ctx, apache.TType(elemType), size))
}

func (e *engine) WriteListEnd(ctx context.Context) error {
	return raise(e.p.WriteListEnd(ctx))
}

func (e *engine) WriteSetBegin(ctx context.Context, elemType TType, size int) error {
	return raise(e.p.WriteSetBegin(ctx, apache.TType(elemType), size))
}

func (e *engine) WriteSetEnd(ctx context.Context) error {
	return raise(e.p.WriteSetEnd(ctx))
}

func (e *engine) WriteBool(ctx context.Context, value bool) error {
	return raise(e.p.WriteBool(ctx, value))
}

func (e *engine) WriteByte(ctx context.Context, value int8) error {
	return raise(e.p.WriteByte(ctx, value))
}

func (e *engine) WriteI16(ctx context.Context, value int16) error {
	return raise(e.p.WriteI16(ctx, value))
}

func (e *engine) WriteI32(ctx context.Context, value int32) error {
	return raise(e.p.WriteI32(ctx, value))
}

func (e *engine) WriteI64(ctx context.Context, value int64) error {
	return raise(e.p.WriteI64(ctx, value))
}

func (e *engine) WriteDouble(ctx context.Context, value float64) error {
	return raise(e.p.WriteDouble(ctx, value))
}

func (e *engine) WriteString(ctx context.Context, value string) error {
	return raise(e.p.WriteString(ctx, value))
}

func (e *engine) WriteBinary(ctx context.Context, value []byte) error {
	return raise(e.p.WriteBinary(ctx, value))
}

func (e *engine) ReadMessageBegin(ctx context.Context) (name string, typeId TMessageType, seqid int32, err error) {
	name, t, seqid, err := e.p.ReadMessageBegin(ctx)
	return name, TMessageType(t), seqid, raise(err)
}

func (e *engine) ReadMessageEnd(ctx context.Context) error {
	return raise(e.p.ReadMessageEnd(ctx))
}

func (e *engine) ReadStructBegin(ctx context.Context) (name string, err error) {
	name, err = e.p.ReadStructBegin(ctx)
	return name, raise(err)
}

func (e *engine) ReadStructEnd(ctx context.Context) error {
	return raise(e.p.ReadStructEnd(ctx))
}

func (e *engine) ReadFieldBegin(ctx context.Context) (name string, typeId TType, id int16, err error) {
	name, t, id, err := e.p.ReadFieldBegin(ctx)
	return name, TType(t), id, raise(err)
}

func (e *engine) ReadFieldEnd(ctx context.Context) error {
	return raise(e.p.ReadFieldEnd(ctx))
}

func (e *engine) ReadMapBegin(ctx context.Context) (keyType TType, valueType TType, size int, err error) {
	kt, vt, size, err := e.p.ReadMapBegin(ctx)
	return TType(kt), TType(vt), size, e.fits(size, err)
}

func (e *engine) ReadMapEnd(ctx context.Context) error {
	return raise(e.p.ReadMapEnd(ctx))
}

func (e *engine) ReadListBegin(ctx context.Context) (elemType TType, size int, err error) {
	et, size, err := e.p.ReadListBegin(ctx)
	return TType(et), size, e.fits(size, err)
}

func (e *engine) ReadListEnd(ctx context.Context) error {
	return raise(e.p.ReadListEnd(ctx))
}

func (e *engine) ReadSetBegin(ctx context.Context) (elemType TType, size int, err error) {
	et, size, err := e.p.ReadSetBegin(ctx)
	return TType(et), size, e.fits(size, err)
}

func (e *engine) ReadSetEnd(ctx context.Context) error {
	return raise(e.p.ReadSetEnd(ctx))
}

func (e *engine) ReadBool(ctx context.Context) (value bool, err error) {
	value, err = e.p.ReadBool(ctx)
	return value, raise(err)
}

func (e *engine) ReadByte(ctx context.Context) (value int8, err error) {
	value, err = e.p.ReadByte(ctx)
	return value, raise(err)
}

func (e *engine) ReadI16(ctx context.Context) (value int16, err error) {
	value, err = e.p.ReadI16(ctx)
	return value, raise(err)
}

func (e *engine) ReadI32(ctx context.Context) (value int32, err error) {
	value, err = e.p.ReadI32(ctx)
	return value, raise(err)
}

func (e *engine) ReadI64(ctx context.Context) (value int64, err error) {
	value, err = e.p.ReadI64(ctx)
	return value, raise(err)
}

func (e *engine) ReadDouble(ctx context.Context) (value float64, err error) {
	value, err = e.p.ReadDouble(ctx)
	return value, raise(err)
}

func (e *engine) ReadString(ctx context.Context) (value string, err error) {
	value, err = e.p.ReadString(ctx)
	return value, raise(err)
}

func (e *engine) ReadBinary(ctx context.Context) (value []byte, err error) {
	value, err = e.p.ReadBinary(ctx)
	return value, raise(err)
}

func (e *engine) Skip(ctx context.Context, fieldType TType) (err error) {
	return raise(e.p.Skip(ctx, apache.TType(fieldType)))
}

func (e *engine) Flush(ctx context.Context) (err error) { return raise(e.p.Flush(ctx)) }

func (e *engine) Transport() TTransport { return e.trans }

// SetTConfiguration applies conf to the protocol and to its transport.
func (e *engine) SetTConfiguration(conf *TConfiguration) {
	apache.PropagateTConfiguration(e.p, conf.lower())
	PropagateTConfiguration(e.trans, conf)
}
