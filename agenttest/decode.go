// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"

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
// Strings and bytes of the batch are copies. No list or string may claim more elements than the packet has bytes,
// which bounds what hostile packets can make the generated code allocate.
func decode(data []byte, from protocol) (batch *jaeger.Batch, err error) {
	defer func() {
		if r := recover(); r != nil {
			batch, err = nil, fmt.Errorf("the decoder panicked: %v", r)
		}
	}()
	if len(data) == 0 {
		return nil, errors.New("the packet is empty")
	}
	trans := &thrift.TMemoryBuffer{Buffer: bytes.NewBuffer(data)}
	p := from.over(trans, &thrift.TConfiguration{MaxMessageSize: int32(len(data))})
	ctx := context.Background()

	method, kind, _, err := p.ReadMessageBegin(ctx)
	if err != nil {
		return nil, fmt.Errorf("message header: %w", err)
	}
	if kind != thrift.CALL && kind != thrift.ONEWAY {
		return nil, fmt.Errorf("message type %d: want %d (call) or %d (oneway)", kind, thrift.CALL, thrift.ONEWAY)
	}
	if method != "emitBatch" {
		return nil, fmt.Errorf("method %.64q: want %q", method, "emitBatch")
	}
	var args agent.AgentEmitBatchArgs
	if err := args.Read(ctx, p); err != nil {
		return nil, err
	}
	if err := p.ReadMessageEnd(ctx); err != nil {
		return nil, fmt.Errorf("message end: %w", err)
	}
	if args.Batch == nil {
		return nil, errors.New("emitBatch has no batch")
	}
	if rest := trans.Len(); rest > 0 {
		return nil, fmt.Errorf("%d bytes left after the message, beginning with %.16q", rest, trans.Bytes())
	}
	return args.Batch, nil
}
