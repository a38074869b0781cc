// SPDX-License-Identifier: Apache-2.0

package thrift

import "context"

// Causes of a TApplicationException.
const (
	UNKNOWN_APPLICATION_EXCEPTION  = 0
	UNKNOWN_METHOD                 = 1
	INVALID_MESSAGE_TYPE_EXCEPTION = 2
	WRONG_METHOD_NAME              = 3
	BAD_SEQUENCE_ID                = 4
	MISSING_RESULT                 = 5
	INTERNAL_ERROR                 = 6
	PROTOCOL_ERROR                 = 7
	INVALID_TRANSFORM              = 8
	INVALID_PROTOCOL               = 9
	UNSUPPORTED_CLIENT_TYPE        = 10
)

var applicationTexts = map[int32]string{
	UNKNOWN_APPLICATION_EXCEPTION: "unknown application exception", UNKNOWN_METHOD: "unknown method",
	INVALID_MESSAGE_TYPE_EXCEPTION: "invalid message type", WRONG_METHOD_NAME: "wrong method name",
	BAD_SEQUENCE_ID: "bad sequence ID", MISSING_RESULT: "missing result", INTERNAL_ERROR: "unknown internal error",
	PROTOCOL_ERROR: "unknown protocol error", INVALID_TRANSFORM: "invalid transform", INVALID_PROTOCOL: "invalid protocol",
	UNSUPPORTED_CLIENT_TYPE: "unsupported client type",
}

// TApplicationException is the other side's answer that a call failed. It
// travels as the struct {1: string message, 2: i32 type}.
type TApplicationException interface {
	TException
	TypeId() int32
	Read(ctx context.Context, iprot TProtocol) error
	Write(ctx context.Context, oprot TProtocol) error
}

type applicationException struct {
	exception
	id int32
}

// NewTApplicationException makes one; without a message it has the text of its
// type.
func NewTApplicationException(type_ int32, message string) TApplicationException {
	return &applicationException{exception{kind: TExceptionTypeApplication, text: message}, type_}
}

func (e *applicationException) TypeId() int32 { return e.id }

func (e *applicationException) Error() string {
	if e.text != "" {
		return e.text
	}
	return applicationTexts[e.id]
}

func (e *applicationException) Read(ctx context.Context, p TProtocol) error {
	if _, err := p.ReadStructBegin(ctx); err != nil {
		return err
	}
	for {
		_, t, field, err := p.ReadFieldBegin(ctx)
		if err != nil {
			return err
		}
		if t == STOP {
			return p.ReadStructEnd(ctx)
		}
		switch {
		case field == 1 && t == STRING:
			e.text, err = p.ReadString(ctx)
		case field == 2 && t == I32:
			e.id, err = p.ReadI32(ctx)
		default:
			err = SkipDefaultDepth(ctx, p, t)
		}
		if err != nil {
			return err
		}
		if err := p.ReadFieldEnd(ctx); err != nil {
			return err
		}
	}
}

func (e *applicationException) Write(ctx context.Context, p TProtocol) error {
	steps := []func() error{func() error { return p.WriteStructBegin(ctx, "TApplicationException") }}
	if text := e.Error(); text != "" {
		steps = append(steps,
			func() error { return p.WriteFieldBegin(ctx, "message", STRING, 1) },
			func() error { return p.WriteString(ctx, text) },
			func() error { return p.WriteFieldEnd(ctx) })
	}
	return inOrder(append(steps,
		func() error { return p.WriteFieldBegin(ctx, "type", I32, 2) },
		func() error { return p.WriteI32(ctx, e.id) },
		func() error { return p.WriteFieldEnd(ctx) },
		func() error { return p.WriteFieldStop(ctx) },
		func() error { return p.WriteStructEnd(ctx) })...)
}

// inOrder ends with the first error.
func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
