// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Collector is a running OpenTelemetry Collector that takes Zipkin's and Jaeger's formats over HTTP and writes every
// span, as OTLP in JSON, to a file.
type Collector struct {
	Zipkin Addr // POST /api/v2/spans (elsewhere 9411)
	Jaeger Addr // POST /api/traces, Thrift over HTTP (elsewhere 14268)

	process *process
	file    string
}

const pipeline = `receivers:
  zipkin: {endpoint: %q}
  jaeger: {protocols: {thrift_http: {endpoint: %q}}}
exporters:
  file: {path: %q, flush_interval: 50ms}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    traces: {receivers: [zipkin, jaeger], exporters: [file]}
`

// StartCollector runs one in dir, which must exist.
func StartCollector(ctx context.Context, b Backends, dir string) (*Collector, error) {
	c := &Collector{file: filepath.Join(dir, "spans.json")}
	err := withPorts(ctx, freePorts, 2, 0, func(tcp, _ []Addr) error {
		c.Zipkin, c.Jaeger = tcp[0], tcp[1]
		settings := filepath.Join(dir, "pipeline.yaml")
		text := fmt.Sprintf(pipeline, c.Zipkin, c.Jaeger, c.file)
		if err := os.WriteFile(settings, []byte(text), 0o644); err != nil {
			return err
		}
		p, err := startProcess("collector", b.Collector, filepath.Join(dir, "collector.log"), []string{"NO_PROXY=*"}, "--config=file:"+settings)
		if err != nil {
			return err
		}
		if err := p.waitReady(ctx, "Everything is ready", func() error { return listens(ctx, c.Zipkin) }); err != nil {
			p.stop()
			return err
		}
		c.process = p
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("start collector: %w", err)
	}
	return c, nil
}

// listens takes any answer, as the receivers have no page of their own.
func listens(ctx context.Context, at Addr) error {
	_, err := get(ctx, "http://"+string(at)+"/")
	if status := (*statusError)(nil); errors.As(err, &status) && status.code < http.StatusInternalServerError {
		return nil
	}
	return err
}

// Stop ends the process and waits until it is gone. A second Stop does nothing.
func (c *Collector) Stop() { c.process.stop() }

// Logs are what the process has printed so far.
func (c *Collector) Logs() string { return c.process.log() }

// OTLPSpan is a span as the collector understood it.
type OTLPSpan struct {
	Service      string `json:"-"`
	TraceID      string `json:"traceId"`
	SpanID       string `json:"spanId"`
	ParentSpanID string `json:"parentSpanId"`
	Name         string `json:"name"`
	Kind         int    `json:"kind"` // 1 internal, 2 server, 3 client, 4 producer, 5 consumer
	Start        string `json:"startTimeUnixNano"`
	End          string `json:"endTimeUnixNano"`
	Attributes   Attrs  `json:"attributes"`
	Events       []struct {
		Time       string `json:"timeUnixNano"`
		Name       string `json:"name"`
		Attributes Attrs  `json:"attributes"`
	} `json:"events"`
	Status struct {
		Code int `json:"code"` // 2 is an error
	} `json:"status"`
}

// Attrs are attributes by key; the values are JSON's, as {"stringValue":"x"}.
type Attrs map[string]string

// UnmarshalJSON reads OTLP's list of key and value.
func (a *Attrs) UnmarshalJSON(text []byte) error {
	var list []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	*a = Attrs{}
	for _, item := range list {
		(*a)[item.Key] = string(item.Value)
	}
	return nil
}

// Spans polls the file until ok accepts the spans in it or ctx ends.
func (c *Collector) Spans(ctx context.Context, ok func([]OTLPSpan) error) ([]OTLPSpan, error) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		spans, err := c.read()
		if err == nil {
			err = ok(spans)
		}
		if err == nil {
			return spans, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("collector: %w: %w", context.Cause(ctx), err)
		case <-tick.C:
		}
	}
}

// read takes the complete lines of the file, each of which is one request.
func (c *Collector) read() (spans []OTLPSpan, err error) {
	text, err := os.ReadFile(c.file)
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(text) {
		if line[len(line)-1] != '\n' {
			break
		}
		var request struct {
			ResourceSpans []struct {
				Resource struct {
					Attributes Attrs `json:"attributes"`
				} `json:"resource"`
				ScopeSpans []struct {
					Spans []OTLPSpan `json:"spans"`
				} `json:"scopeSpans"`
			} `json:"resourceSpans"`
		}
		if err := json.Unmarshal(line, &request); err != nil {
			return nil, fmt.Errorf("spans of the collector: %w", err)
		}
		for _, resource := range request.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				for _, span := range scope.Spans {
					span.Service = resource.Resource.Attributes["service.name"]
					spans = append(spans, span)
				}
			}
		}
	}
	return spans, nil
}
