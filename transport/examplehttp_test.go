// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// A collector that asks for a token, and is busy at first.
func ExampleNewHTTP() {
	busy := true
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Println(r.Method, r.URL.Path, r.Header.Get("Content-Type"), r.Header.Get("Authorization"), len(body) > 0)
		if busy {
			busy = false
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer collector.Close()

	sender, err := transport.NewHTTP(collector.URL,
		transport.WithBearerToken("s3cret"),
		transport.WithTimeout(2*time.Second),
		transport.WithRetry(10*time.Second))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sender.Close()
	n, err := sender.Send(context.Background(), &model.Batch{
		Process: &model.Process{ServiceName: "shop"},
		Spans:   []*model.Span{{TraceID: model.TraceID{Low: 1}, ID: 1, Operation: "checkout"}},
	})
	fmt.Println(n, err)
	// Output:
	// POST /api/traces application/x-thrift Bearer s3cret true
	// POST /api/traces application/x-thrift Bearer s3cret true
	// 1 <nil>
}

func ExampleNewZipkin() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(os.Stdout, r.Body)
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()

	sender, err := transport.NewZipkin(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sender.Close()
	span := &model.Span{TraceID: model.TraceID{Low: 1}, ID: 2, Operation: "checkout", Start: 1_700_000_000_000_000_000, Duration: time.Millisecond}
	span.AddTag("span.kind", "server", 0)
	span.AddTag("http.status_code", 200, 0)
	_, _ = sender.Send(context.Background(), &model.Batch{Process: &model.Process{ServiceName: "shop"}, Spans: []*model.Span{span}})
	// Output:
	// [{"traceId":"0000000000000001","id":"0000000000000002","kind":"SERVER","name":"checkout","timestamp":1700000000000000,"duration":1000,"localEndpoint":{"serviceName":"shop"},"tags":{"http.status_code":"200"}}]
}

func ExampleTLSFiles() {
	_, err := transport.TLSFiles{CA: "testdata/no-such-ca.pem", Cert: "client.pem"}.Config()
	fmt.Println(err)
	// Output:
	// tls ca "testdata/no-such-ca.pem": no such file or directory
	// tls cert "client.pem": its key is missing
}
