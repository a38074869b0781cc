// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"context"
	"fmt"
)

// ResponseMeta is what came with an answer.
type ResponseMeta struct {
	Headers THeaderMap // nil but for THeader
}

// TClient calls methods of a server.
type TClient interface {
	Call(ctx context.Context, method string, args, result TStruct) (ResponseMeta, error)
}

// TStandardClient is a TClient over two protocols. It is used by one goroutine
// at a time.
type TStandardClient struct {
	seqID   int32
	in, out TProtocol
}

// NewTStandardClient returns one that numbers its calls from 1.
func NewTStandardClient(inputProtocol, outputProtocol TProtocol) *TStandardClient {
	return &TStandardClient{in: inputProtocol, out: outputProtocol}
}

// Send writes one call.
func (p *TStandardClient) Send(ctx context.Context, oprot TProtocol, seqId int32, method string, args TStruct) error {
	if h, ok := oprot.(*THeaderProtocol); ok {
		h.ClearWriteHeaders()
		for _, key := range GetWriteHeaderList(ctx) {
			if value, ok := GetHeader(ctx, key); ok {
				h.SetWriteHeader(key, value)
			}
		}
	}
	return inOrder(
		func() error { return oprot.WriteMessageBegin(ctx, method, CALL, seqId) },
		func() error { return args.Write(ctx, oprot) },
		func() error { return oprot.WriteMessageEnd(ctx) },
		func() error { return oprot.Flush(ctx) },
	)
}

// Recv reads the answer to the call of that number and name. A failure the
// server reports is a TApplicationException.
func (p *TStandardClient) Recv(ctx context.Context, iprot TProtocol, seqId int32, method string, result TStruct) error {
	name, kind, id, err := iprot.ReadMessageBegin(ctx)
	if err != nil {
		return err
	}
	switch {
	case name != method:
		return NewTApplicationException(WRONG_METHOD_NAME, fmt.Sprintf("%s: the answer is to method %q", method, name))
	case id != seqId:
		return NewTApplicationException(BAD_SEQUENCE_ID, fmt.Sprintf("%s: the answer is to call %d, not %d", method, id, seqId))
	case kind == EXCEPTION:
		e := NewTApplicationException(UNKNOWN_APPLICATION_EXCEPTION, "")
		if err := e.Read(ctx, iprot); err != nil {
			return err
		}
		if err := iprot.ReadMessageEnd(ctx); err != nil {
			return err
		}
		return e
	case kind != REPLY:
		return NewTApplicationException(INVALID_MESSAGE_TYPE_EXCEPTION, fmt.Sprintf("%s: the answer is a message of type %d", method, kind))
	}
	if err := result.Read(ctx, iprot); err != nil {
		return err
	}
	return iprot.ReadMessageEnd(ctx)
}

// Call sends a call and waits for the answer, unless result is nil: then there
// is none.
func (p *TStandardClient) Call(ctx context.Context, method string, args, result TStruct) (ResponseMeta, error) {
	p.seqID++
	if err := p.Send(ctx, p.out, p.seqID, method, args); err != nil || result == nil {
		return ResponseMeta{}, err
	}
	err := p.Recv(ctx, p.in, p.seqID, method, result)
	var meta ResponseMeta
	if h, ok := p.in.(*THeaderProtocol); ok {
		meta.Headers = h.GetReadHeaders()
	}
	return meta, err
}
