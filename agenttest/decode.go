// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/agent"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
)

// protocol is a Thrift encoding of the messages on one port.
type protocol struct {
	name string
	over func(thrift.TTransport, *thrift.TConfiguration) thrift.TProtocol
}

var (
	compact = protocol{"compact", func(t thrift.TTransport, conf *thrift.TConfiguration) thrift.TProtocol {
		return thrift.NewTCompactProtocolConf(t, conf)
	}}
	// apache/thrift's default reads both the strict form, with a version word, and the old one without.
	binary = protocol{"binary", func(t thrift.TTransport, conf *thrift.TConfiguration) thrift.TProtocol {
		return thrift.NewTBinaryProtocolConf(t, conf)
	}}
)

// decode reads one emitBatch message (agent.thrift of jaeger-idl) that must fill the packet exactly. The message may be
// a call, as Go clients write it, or a oneway, as the IDL says and other clients do; the sequence id is not looked at.
// Strings and bytes of the batch are copies.
func decode(data []byte, from protocol) (*jaeger.Batch, error) {
	var args agent.AgentEmitBatchArgs
	err := whole(data, from, "packet", func(ctx context.Context, p thrift.TProtocol) error {
		method, kind, _, err := p.ReadMessageBegin(ctx)
		if err != nil {
			return fmt.Errorf("message header: %w", err)
		}
		if kind != thrift.CALL && kind != thrift.ONEWAY {
			return fmt.Errorf("message type %d: want %d (call) or %d (oneway)", kind, thrift.CALL, thrift.ONEWAY)
		}
		if method != "emitBatch" {
			return fmt.Errorf("method %.64q: want %q", method, "emitBatch")
		}
		if err := args.Read(ctx, p); err != nil {
			return err
		}
		if err := p.ReadMessageEnd(ctx); err != nil {
			return fmt.Errorf("message end: %w", err)
		}
		if args.Batch == nil {
			return errors.New("emitBatch has no batch")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return args.Batch, nil
}

// decodeBatch reads one Batch (jaeger.thrift of jaeger-idl) in Thrift binary without a message around it, as collectors
// get it over HTTP. It must fill the body exactly. Strings and bytes of the batch are copies.
func decodeBatch(data []byte) (*jaeger.Batch, error) {
	var b jaeger.Batch
	if err := whole(data, binary, "body", func(ctx context.Context, p thrift.TProtocol) error { return b.Read(ctx, p) }); err != nil {
		return nil, err
	}
	return &b, nil
}

// whole has data read to its end. No list or string may claim more elements than there are bytes, which bounds what
// hostile data can make the generated code allocate.
func whole(data []byte, from protocol, what string, read func(context.Context, thrift.TProtocol) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the decoder panicked: %v", r)
		}
	}()
	if len(data) == 0 {
		return fmt.Errorf("the %s is empty", what)
	}
	trans := &thrift.TMemoryBuffer{Buffer: bytes.NewBuffer(data)}
	p := from.over(trans, &thrift.TConfiguration{MaxMessageSize: int32(min(len(data), math.MaxInt32))})
	if err := read(context.Background(), p); err != nil {
		return err
	}
	if rest := trans.Len(); rest > 0 {
		return fmt.Errorf("%d bytes left after the message, beginning with %.16q", rest, trans.Bytes())
	}
	return nil
}
