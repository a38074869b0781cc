// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"context"
	"errors"
)

// Skip reads a value of the given type and forgets it, containers within
// containers at most maxDepth deep.
func Skip(ctx context.Context, self TProtocol, fieldType TType, maxDepth int) (err error) {
	if maxDepth <= 0 {
		return NewTProtocolExceptionWithType(DEPTH_LIMIT, errors.New("depth limit exceeded"))
	}
	switch fieldType {
	case BOOL:
		_, err = self.ReadBool(ctx)
	case BYTE:
		_, err = self.ReadByte(ctx)
	case I16:
		_, err = self.ReadI16(ctx)
	case I32:
		_, err = self.ReadI32(ctx)
	case I64:
		_, err = self.ReadI64(ctx)
	case DOUBLE:
		_, err = self.ReadDouble(ctx)
	case STRING:
		_, err = self.ReadString(ctx)
	case STRUCT:
		return skipStruct(ctx, self, maxDepth)
	case MAP:
		key, value, size, err := self.ReadMapBegin(ctx)
		if err == nil {
			err = skipItems(ctx, self, size, maxDepth, key, value)
		}
		if err != nil {
			return err
		}
		return self.ReadMapEnd(ctx)
	case SET:
		elem, size, err := self.ReadSetBegin(ctx)
		if err == nil {
			err = skipItems(ctx, self, size, maxDepth, elem)
		}
		if err != nil {
			return err
		}
		return self.ReadSetEnd(ctx)
	case LIST:
		elem, size, err := self.ReadListBegin(ctx)
		if err == nil {
			err = skipItems(ctx, self, size, maxDepth, elem)
		}
		if err != nil {
			return err
		}
		return self.ReadListEnd(ctx)
	default:
		return NewTProtocolExceptionWithType(INVALID_DATA, errors.New("unknown data type "+fieldType.String()))
	}
	return err
}

func skipStruct(ctx context.Context, p TProtocol, maxDepth int) error {
	if _, err := p.ReadStructBegin(ctx); err != nil {
		return err
	}
	for {
		_, t, _, err := p.ReadFieldBegin(ctx)
		if err != nil {
			return err
		}
		if t == STOP {
			return p.ReadStructEnd(ctx)
		}
		if err := Skip(ctx, p, t, maxDepth-1); err != nil {
			return err
		}
		if err := p.ReadFieldEnd(ctx); err != nil {
			return err
		}
	}
}

func skipItems(ctx context.Context, p TProtocol, size, maxDepth int, types ...TType) error {
	for range size {
		for _, t := range types {
			if err := Skip(ctx, p, t, maxDepth-1); err != nil {
				return err
			}
		}
	}
	return nil
}
