// SPDX-License-Identifier: Apache-2.0

// Command quickstart is what a reader of jaeger-client-go's documentation would write: a tracer from the environment
// with a logger and metrics, some spans, Close. It prints what its logger got, its trace's id and its counters.
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"slices"
	"sync"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	otlog "github.com/opentracing/opentracing-go/log"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/config"
	"github.com/uber/jaeger-lib/metrics"
)

func main() {
	log.SetFlags(0)
	log.SetOutput(os.Stdout)

	cfg, err := config.FromEnv()
	if err != nil {
		log.Fatal(err)
	}
	counts := &counters{Factory: metrics.NullFactory, values: map[string]*counter{}}
	tracer, closer, err := cfg.NewTracer(config.Logger(jaeger.StdLogger), config.Metrics(counts))
	if err != nil {
		log.Fatal(err)
	}
	opentracing.SetGlobalTracer(tracer)

	order()
	if err := closer.Close(); err != nil {
		log.Fatal(err)
	}
	counts.print()
}

// order makes four spans: a request with its baggage, two children and what followed from it.
func order() {
	span := opentracing.StartSpan("order", ext.SpanKindRPCServer, opentracing.Tag{Key: "items", Value: 3})
	defer span.Finish()
	span.SetTag("vip", true)
	span.SetTag("price", 12.5)
	span.SetBaggageItem("customer", "42")
	span.LogFields(otlog.String("event", "received"), otlog.Int("bytes", 512))
	fmt.Println("trace", span.Context().(jaeger.SpanContext).TraceID())

	pay := opentracing.StartSpan("pay", opentracing.ChildOf(span.Context()))
	ext.SpanKindRPCClient.Set(pay)
	pay.SetTag("customer", pay.BaggageItem("customer"))
	pay.LogKV("event", "error", "message", errors.New("card expired").Error())
	ext.Error.Set(pay, true)
	pay.Finish()

	header := opentracing.TextMapCarrier{}
	if err := span.Tracer().Inject(span.Context(), opentracing.TextMap, header); err != nil {
		log.Fatal(err)
	}
	from, err := span.Tracer().Extract(opentracing.TextMap, header)
	if err != nil {
		log.Fatal(err)
	}
	ship := opentracing.StartSpan("ship", ext.RPCServerOption(from))
	ship.SetTag("customer", ship.BaggageItem("customer"))
	ship.Finish()

	opentracing.StartSpan("mail", opentracing.FollowsFrom(span.Context())).SetOperationName("thank").Finish()
}

// counters is a metrics.Factory of the program's own that keeps the counters and ignores the rest.
type counters struct {
	metrics.Factory
	scope  string
	values map[string]*counter
}

func (c *counters) Namespace(scope metrics.NSOptions) metrics.Factory {
	return &counters{Factory: c.Factory, scope: c.scope + scope.Name + ".", values: c.values}
}

func (c *counters) Counter(o metrics.Options) metrics.Counter {
	name := fmt.Sprint(c.scope, o.Name, " ", o.Tags)
	if c.values[name] == nil {
		c.values[name] = &counter{}
	}
	return c.values[name]
}

func (c *counters) print() {
	var lines []string
	for name, value := range c.values {
		if value.n > 0 {
			lines = append(lines, fmt.Sprintln("counter", name, value.n))
		}
	}
	slices.Sort(lines)
	for _, line := range lines {
		fmt.Print(line)
	}
}

type counter struct {
	mu sync.Mutex
	n  int64
}

func (c *counter) Inc(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += n
}
