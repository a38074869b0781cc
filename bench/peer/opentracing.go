// SPDX-License-Identifier: Apache-2.0

package peer

import (
	"net/http"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/bench/workload"
)

// openTracing runs the workload on any OpenTracing tracer through the interface,
// as services do. The three clients behind it differ in their tracer only.
type openTracing struct {
	tracer   opentracing.Tracer
	data     *workload.Data
	fields   [][][]log.Field // of each set, of each log
	held     opentracing.Span
	outgoing opentracing.HTTPHeadersCarrier
	incoming opentracing.HTTPHeadersCarrier
	close    func() error
	sent     func() int64
}

func newOpenTracing(tracer opentracing.Tracer, data *workload.Data) (*openTracing, error) {
	c := &openTracing{
		tracer:   tracer,
		data:     data,
		held:     tracer.StartSpan("held"),
		outgoing: opentracing.HTTPHeadersCarrier(http.Header(workload.Headers())),
		incoming: opentracing.HTTPHeadersCarrier(http.Header(workload.Headers())),
	}
	for i := range data.Sets {
		var logs [][]log.Field
		for _, fields := range data.Sets[i].Logs {
			var fs []log.Field
			for _, f := range fields {
				switch v := f.Value.(type) {
				case string:
					fs = append(fs, log.String(f.Key, v))
				case int:
					fs = append(fs, log.Int(f.Key, v))
				}
			}
			logs = append(logs, fs)
		}
		c.fields = append(c.fields, logs)
	}
	return c, tracer.Inject(c.held.Context(), opentracing.HTTPHeaders, c.incoming)
}

func (c *openTracing) fill(s opentracing.Span, i int) {
	n := uint(i) % workload.Sets
	tags := c.data.Sets[n].Tags
	for t := range tags {
		s.SetTag(tags[t].Key, tags[t].Value)
	}
	for _, fields := range c.fields[n] {
		s.LogFields(fields...)
	}
}

func (c *openTracing) Span(i int) {
	s := c.tracer.StartSpan(c.data.Name(i))
	c.fill(s, i)
	s.Finish()
}

func (c *openTracing) Fresh(i int) {
	v := c.data.Fresh(i)
	s := c.tracer.StartSpan(c.data.Name(i))
	s.SetTag("http.method", v.Method)
	s.SetTag("http.url", v.URL)
	s.SetTag("http.status_code", v.Status)
	s.SetTag("peer.hostname", v.Host)
	s.SetTag("cached", v.Cached)
	s.Finish()
}

func (c *openTracing) child(parent opentracing.Span, i int) {
	s := c.tracer.StartSpan(c.data.Name(i), opentracing.ChildOf(parent.Context()))
	c.fill(s, i)
	s.Finish()
}

func (c *openTracing) Child(i int) { c.child(c.held, i) }

func (c *openTracing) Wide(i, children int) {
	root := c.tracer.StartSpan(c.data.Name(i))
	for n := range children {
		c.child(root, i+1+n)
	}
	c.fill(root, i)
	root.Finish()
}

func (c *openTracing) Deep(i, depth int) {
	root := c.tracer.StartSpan(c.data.Name(i))
	c.deeper(root, i+1, depth-1)
	c.fill(root, i)
	root.Finish()
}

func (c *openTracing) deeper(parent opentracing.Span, i, depth int) {
	if depth == 0 {
		return
	}
	s := c.tracer.StartSpan(c.data.Name(i), opentracing.ChildOf(parent.Context()))
	c.deeper(s, i+1, depth-1)
	c.fill(s, i)
	s.Finish()
}

// A failing Inject or Extract would be fast for the wrong reason, so it ends
// the program.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func (c *openTracing) Inject() {
	must(c.tracer.Inject(c.held.Context(), opentracing.HTTPHeaders, c.outgoing))
}

func (c *openTracing) Extract() {
	_, err := c.tracer.Extract(opentracing.HTTPHeaders, c.incoming)
	must(err)
}

func (c *openTracing) Baggage(i int) {
	s := c.tracer.StartSpan(c.data.Name(i), opentracing.ChildOf(c.held.Context()))
	s.SetBaggageItem("tenant", "acme-1234")
	must(c.tracer.Inject(s.Context(), opentracing.HTTPHeaders, c.outgoing))
	s.Finish()
}

func (c *openTracing) Close() error { return c.close() }

func (c *openTracing) Sent() int64 { return c.sent() }
