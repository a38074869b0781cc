// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
	idl "github.com/jaegertracing/jaeger-idl/thrift-gen/agent"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"

	"github.com/jaegerkit/jaeger/agenttest"
)

// sendSpan stands for the tracer under test: it sends one span named operation to the agent at addr.
func sendSpan(addr string, seq int64, operation string) error {
	conn, err := net.Dial("udp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	status := int64(200)
	buf := thrift.NewTMemoryBuffer()
	client := idl.NewAgentClientFactory(buf, thrift.NewTCompactProtocolFactoryConf(nil))
	err = client.EmitBatch(context.Background(), &jaeger.Batch{
		Process: &jaeger.Process{ServiceName: "shop"},
		Spans: []*jaeger.Span{{OperationName: operation, Tags: []*jaeger.Tag{
			{Key: "http.status_code", VType: jaeger.TagType_LONG, VLong: &status},
		}}},
		SeqNo: &seq,
	})
	if err != nil {
		return err
	}
	_, err = conn.Write(buf.Bytes())
	return err
}

func Example() {
	agent, err := agenttest.Start() // in a test: agenttest.New(t)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer agent.Close()

	if err := sendSpan(agent.Addr(), 1, "checkout"); err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	spans, err := agent.WaitSpans(ctx, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	span := agenttest.FindSpan(spans, "checkout")
	fmt.Println(agent.Process().ServiceName, span.OperationName, agenttest.Tags(span.Tags)["http.status_code"])
	// Output: shop checkout 200
}

// post stands for the HTTP sender under test, which tries again once.
func post(url string, b *jaeger.Batch) (status int, err error) {
	body := thrift.NewTMemoryBuffer()
	if err := b.Write(context.Background(), thrift.NewTBinaryProtocolConf(body, nil)); err != nil {
		return 0, err
	}
	for range 2 {
		response, err := http.Post(url, "application/x-thrift", bytes.NewReader(body.Bytes()))
		if err != nil {
			return 0, err
		}
		response.Body.Close()
		if status = response.StatusCode; status < 400 {
			break
		}
	}
	return status, nil
}

// A collector that is busy once.
func ExampleCollector() {
	collector, err := agenttest.StartCollector() // in a test: agenttest.NewCollector(t)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer collector.Close()

	collector.Fail(1, agenttest.Status(503, nil, "busy"))
	_, err = post(collector.Endpoint(), &jaeger.Batch{
		Process: &jaeger.Process{ServiceName: "shop"},
		Spans:   []*jaeger.Span{{OperationName: "checkout"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range collector.Requests() {
		fmt.Println(r.Method, r.Path, r.Status)
	}
	fmt.Println(collector.Spans()[0].OperationName)
	// Output:
	// POST /api/traces 503
	// POST /api/traces 202
	// checkout
}

func ExampleConfigServer() {
	server, err := agenttest.StartConfigServer() // in a test: agenttest.NewConfigServer(t)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	server.SetRateLimiting("shop", 2)
	server.Fail(1, agenttest.Redirect(302, "/").On("/sampling"))
	response, err := http.Get(server.SamplingURL() + "?service=shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	fmt.Println(response.Request.URL.Path, response.StatusCode)
	for _, q := range server.Queries("/sampling") {
		fmt.Println(q.Path, q.Service, q.Status)
	}
	// Output:
	// / 400
	// /sampling shop 302
}

// A lossy network: what a client sent and the agent did not get shows in its sequence numbers.
func ExampleAgent_Drop() {
	agent, err := agenttest.Start()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer agent.Close()

	agent.Drop(2)
	for seq := int64(1); seq <= 3; seq++ {
		if err := sendSpan(agent.Addr(), seq, "checkout"); err != nil {
			fmt.Println(err)
			return
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	spans, err := agent.WaitSpans(ctx, 1)
	fmt.Println(len(spans), "span,", agent.Lost(), "packets lost, error:", err)
	// Output: 1 span, 2 packets lost, error: <nil>
}

// Wait takes any condition over what the agent has counted.
func ExampleAgent_Wait() {
	agent, err := agenttest.Start()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer agent.Close()

	agent.DropAll(true)
	if err := sendSpan(agent.Addr(), 1, "checkout"); err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err = agent.Wait(ctx, func() bool { return agent.Dropped() == 1 })
	fmt.Println(agent.Packets(), "received, error:", err)
	// Output: 0 received, error: <nil>
}
