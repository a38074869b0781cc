// SPDX-License-Identifier: Apache-2.0

package peer

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	zipkingo "github.com/openzipkin/zipkin-go"
	"github.com/openzipkin/zipkin-go/model"
	"github.com/openzipkin/zipkin-go/propagation/b3"
	"github.com/openzipkin/zipkin-go/reporter"
	zipkinhttp "github.com/openzipkin/zipkin-go/reporter/http"

	"github.com/jaegerkit/jaeger/bench/workload"
)

// zipkin is zipkin-go over its HTTP reporter with the JSON serializer and its
// defaults (batches of 100, a backlog of 1000). Tags and annotations are strings
// there, prepared like everything else; unsampled spans are its no-op spans,
// which it has as an option (WithNoopSpan).
type zipkin struct {
	tracer   *zipkingo.Tracer
	reporter reporter.Reporter
	data     *workload.Data
	tags     [][][2]string
	notes    [][]string
	held     zipkingo.Span
	outgoing *http.Request
	incoming *http.Request
}

type zipkinDiscard struct{}

func (zipkinDiscard) Send(model.SpanModel) {}
func (zipkinDiscard) Close() error         { return nil }

func newZipkin(c Config) (Client, error) {
	z := &zipkin{reporter: zipkinDiscard{}, data: c.Data}
	if c.To != "" {
		var opts []zipkinhttp.ReporterOption
		if c.Queue > 0 {
			opts = append(opts, zipkinhttp.MaxBacklog(c.Queue))
		}
		z.reporter = zipkinhttp.NewReporter("http://"+c.To+"/api/v2/spans", opts...)
	}
	endpoint, err := zipkingo.NewEndpoint("bench", "127.0.0.1:80")
	if err != nil {
		return nil, err
	}
	sampler := zipkingo.NeverSample
	if c.Sampled {
		sampler = zipkingo.AlwaysSample
	}
	z.tracer, err = zipkingo.NewTracer(z.reporter,
		zipkingo.WithLocalEndpoint(endpoint),
		zipkingo.WithSampler(sampler),
		zipkingo.WithNoopSpan(true),
		zipkingo.WithTraceID128Bit(c.Data.Shape.Wide),
	)
	if err != nil {
		return nil, err
	}
	for i := range c.Data.Sets {
		var tags [][2]string
		for _, t := range c.Data.Sets[i].Tags {
			tags = append(tags, [2]string{t.Key, fmt.Sprint(t.Value)})
		}
		z.tags = append(z.tags, tags)
		var notes []string
		for _, fields := range c.Data.Sets[i].Logs {
			var parts []string
			for _, f := range fields {
				parts = append(parts, fmt.Sprintf("%s=%v", f.Key, f.Value))
			}
			notes = append(notes, strings.Join(parts, " "))
		}
		z.notes = append(z.notes, notes)
	}
	z.held = z.tracer.StartSpan("held")
	z.outgoing = &http.Request{Header: workload.Headers()}
	z.incoming = &http.Request{Header: workload.Headers()}
	return z, b3.InjectHTTP(z.incoming)(z.held.Context())
}

func (z *zipkin) fill(s zipkingo.Span, i int) {
	n := uint(i) % workload.Sets
	for _, tag := range z.tags[n] {
		s.Tag(tag[0], tag[1])
	}
	for _, note := range z.notes[n] {
		s.Annotate(time.Now(), note)
	}
}

func (z *zipkin) Span(i int) {
	s := z.tracer.StartSpan(z.data.Name(i))
	z.fill(s, i)
	s.Finish()
}

func (z *zipkin) Fresh(i int) {
	v := z.data.Fresh(i)
	s := z.tracer.StartSpan(z.data.Name(i))
	s.Tag("http.method", v.Method)
	s.Tag("http.url", v.URL)
	s.Tag("http.status_code", strconv.Itoa(v.Status))
	s.Tag("peer.hostname", v.Host)
	s.Tag("cached", strconv.FormatBool(v.Cached))
	s.Finish()
}

func (z *zipkin) child(parent zipkingo.Span, i int) {
	s := z.tracer.StartSpan(z.data.Name(i), zipkingo.Parent(parent.Context()))
	z.fill(s, i)
	s.Finish()
}

func (z *zipkin) Child(i int) { z.child(z.held, i) }

func (z *zipkin) Wide(i, children int) {
	root := z.tracer.StartSpan(z.data.Name(i))
	for n := range children {
		z.child(root, i+1+n)
	}
	z.fill(root, i)
	root.Finish()
}

func (z *zipkin) Deep(i, depth int) {
	root := z.tracer.StartSpan(z.data.Name(i))
	z.deeper(root, i+1, depth-1)
	z.fill(root, i)
	root.Finish()
}

func (z *zipkin) deeper(parent zipkingo.Span, i, depth int) {
	if depth == 0 {
		return
	}
	s := z.tracer.StartSpan(z.data.Name(i), zipkingo.Parent(parent.Context()))
	z.deeper(s, i+1, depth-1)
	z.fill(s, i)
	s.Finish()
}

func (z *zipkin) Inject() { must(b3.InjectHTTP(z.outgoing)(z.held.Context())) }

func (z *zipkin) Extract() { must(z.tracer.Extract(b3.ExtractHTTP(z.incoming)).Err) }

func (z *zipkin) Baggage(int) {}

func (z *zipkin) Close() error { return z.reporter.Close() }

func (z *zipkin) Sent() int64 { return -1 }
