// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// A reporter does this; a program of its own only needs it to send spans that
// it did not make with a tracer.
func ExampleNewUDP() {
	agent, err := net.ListenPacket("udp", "127.0.0.1:0") // stands for a jaeger-agent
	if err != nil {
		fmt.Println(err)
		return
	}
	defer agent.Close()

	udp, err := transport.NewUDP(agent.LocalAddr().String(), transport.WithMaxPacketSize(9216))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer udp.Close()

	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	n, err := udp.Send(ctx, &model.Batch{
		Process: &model.Process{ServiceName: "shop"},
		Spans: []*model.Span{
			{TraceID: model.TraceID{Low: 1}, ID: 1, Flags: model.FlagSampled, Operation: "checkout", Start: time.Now().UnixNano()},
		},
	})
	fmt.Println(n, err)

	packet := make([]byte, 65536)
	size, _, _ := agent.ReadFrom(packet)
	fmt.Printf("%q\n", packet[4:13])
	fmt.Println(size < 100)
	// Output:
	// 1 <nil>
	// "emitBatch"
	// true
}
