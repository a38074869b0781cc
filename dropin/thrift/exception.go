// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"errors"

	apache "github.com/apache/thrift/lib/go/thrift"
)

// TException is any error of this package.
type TException interface {
	error

	TExceptionType() TExceptionType
}

// TExceptionType says which of the exceptions a TException is.
type TExceptionType byte

// The values of TExceptionType.
const (
	TExceptionTypeUnknown     TExceptionType = iota
	TExceptionTypeCompiled                   // declared in an IDL
	TExceptionTypeApplication                // TApplicationException
	TExceptionTypeProtocol                   // TProtocolException
	TExceptionTypeTransport                  // TTransportException
)

// exception has what all exceptions have.
type exception struct {
	kind  TExceptionType
	text  string
	cause error // nil where the exception is the cause itself
}

func (e *exception) Error() string                  { return e.text }
func (e *exception) TExceptionType() TExceptionType { return e.kind }
func (e *exception) Unwrap() error                  { return e.cause }

// WrapTException makes a TException of any error. One that is a TException is
// returned as it is, nil too.
func WrapTException(err error) TException {
	if err == nil {
		return nil
	}
	if e, ok := err.(TException); ok {
		return e
	}
	return &exception{text: err.Error(), cause: err}
}

// PrependError puts text in front of the error's own and keeps the kind of
// exception it is.
func PrependError(prepend string, err error) error {
	text := prepend + err.Error()
	if e := TTransportException(nil); errors.As(err, &e) {
		return &transportException{exception{TExceptionTypeTransport, text, err}, e.TypeId()}
	}
	if e := TProtocolException(nil); errors.As(err, &e) && e.TExceptionType() == TExceptionTypeProtocol {
		return &protocolException{exception{TExceptionTypeProtocol, text, err}, e.TypeId()}
	}
	if e := TApplicationException(nil); errors.As(err, &e) {
		return &applicationException{exception{TExceptionTypeApplication, text, err}, e.TypeId()}
	}
	if e := TException(nil); errors.As(err, &e) {
		return &exception{e.TExceptionType(), text, err}
	}
	return errors.New(text)
}

// raise turns an exception of the lower library into one of this package. The
// lower one stays reachable by Unwrap, and so does the io.EOF below it.
func raise(err error) error {
	switch e := err.(type) {
	case nil:
		return nil
	case apache.TTransportException:
		return &transportException{exception{TExceptionTypeTransport, e.Error(), err}, e.TypeId()}
	case apache.TApplicationException:
		return &applicationException{exception{TExceptionTypeApplication, e.Error(), err}, e.TypeId()}
	case apache.TProtocolException:
		return &protocolException{exception{TExceptionTypeProtocol, e.Error(), err}, e.TypeId()}
	}
	return err
}

// Causes of a TProtocolException.
const (
	UNKNOWN_PROTOCOL_EXCEPTION = 0
	INVALID_DATA               = 1
	NEGATIVE_SIZE              = 2
	SIZE_LIMIT                 = 3
	BAD_VERSION                = 4
	NOT_IMPLEMENTED            = 5
	DEPTH_LIMIT                = 6
)

// TProtocolException is damaged or unsupported data.
type TProtocolException interface {
	TException
	TypeId() int
}

type protocolException struct {
	exception
	id int
}

func (e *protocolException) TypeId() int { return e.id }

// NewTProtocolException is NewTProtocolExceptionWithType of unknown cause; a
// TProtocolException is returned as it is.
func NewTProtocolException(err error) TProtocolException {
	if e, ok := err.(TProtocolException); ok {
		return e
	}
	return NewTProtocolExceptionWithType(UNKNOWN_PROTOCOL_EXCEPTION, err)
}

// NewTProtocolExceptionWithType wraps err; nil stays nil.
func NewTProtocolExceptionWithType(errType int, err error) TProtocolException {
	if err == nil {
		return nil
	}
	return &protocolException{exception{TExceptionTypeProtocol, err.Error(), err}, errType}
}

// Causes of a TTransportException.
const (
	UNKNOWN_TRANSPORT_EXCEPTION = 0
	NOT_OPEN                    = 1
	ALREADY_OPEN                = 2
	TIMED_OUT                   = 3
	END_OF_FILE                 = 4
)

// TTransportException is trouble with bytes rather than with what they mean.
type TTransportException interface {
	TException
	TypeId() int
	Err() error
}

type transportException struct {
	exception
	id int
}

func (e *transportException) TypeId() int { return e.id }
func (e *transportException) Err() error  { return e.cause }

// Timeout reports whether waiting longer might have helped.
func (e *transportException) Timeout() bool { return e.id == TIMED_OUT }

// NewTTransportException makes one of a cause and a text.
func NewTTransportException(t int, e string) TTransportException {
	return &transportException{exception{TExceptionTypeTransport, e, errors.New(e)}, t}
}

// NewTTransportExceptionFromError wraps e and finds the cause: the end of the
// input and timeouts are told apart from the rest. Nil stays nil.
func NewTTransportExceptionFromError(e error) TTransportException {
	if e == nil {
		return nil
	}
	if t, ok := e.(TTransportException); ok {
		return t
	}
	id := apache.NewTTransportExceptionFromError(e).TypeId()
	return &transportException{exception{TExceptionTypeTransport, e.Error(), e}, id}
}
