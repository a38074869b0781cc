// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"testing"

	"github.com/uber/jaeger-lib/metrics/metricstest"

	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/config"
	"github.com/uber/jaeger-client-go/rpcmetrics"
	"github.com/uber/jaeger-client-go/transport"
	"github.com/uber/jaeger-client-go/transport/zipkin"
	"github.com/uber/jaeger-client-go/x"
)

// embedding are the program's own types over ones of ours.
type (
	ownRemote struct {
		*jaeger.RemotelyControlledSampler
	}
	ownHTTP     struct{ *transport.HTTPTransport }
	ownReporter struct{ jaeger.Reporter }
	ownMetrics  struct{ *rpcmetrics.Observer }
)

// TestNative: what runs on the library as it is, and what does not.
func TestNative(t *testing.T) {
	t.Parallel()
	remote := func(opts ...jaeger.SamplerOption) jaeger.Sampler {
		return jaeger.NewRemotelyControlledSampler("svc", append(opts, jaeger.SamplerOptions.SamplingServerURL("127.0.0.1:1"))...)
	}
	over := func(sender jaeger.Transport) jaeger.Reporter { return jaeger.NewRemoteReporter(sender) }
	first, err := zipkin.NewHTTPTransport("http://127.0.0.1:1/api/v1/spans")
	if err != nil {
		t.Fatal(err)
	}
	udp, err := jaeger.NewUDPTransport("127.0.0.1:1", 0)
	if err != nil {
		t.Fatal(err)
	}
	yes := jaeger.NewConstSampler(true)
	for _, test := range []struct {
		name     string
		sampler  jaeger.Sampler
		reporter jaeger.Reporter
		want     bool
	}{
		{"const", yes, jaeger.NewNullReporter(), true},
		{"remote", remote(), jaeger.NewNullReporter(), true},
		{"remote, own fetcher", remote(jaeger.SamplerOptions.SamplingStrategyFetcher(answers())), jaeger.NewNullReporter(), true},
		{"remote, own first sampler", remote(jaeger.SamplerOptions.InitialSampler(&byName{})), jaeger.NewNullReporter(), true},
		{"remote, own SamplerV2", remote(jaeger.SamplerOptions.InitialSampler(&picky{})), jaeger.NewNullReporter(), false},
		{"remote, own parser", remote(jaeger.SamplerOptions.SamplingStrategyParser(parser{})), jaeger.NewNullReporter(), false},
		{"remote, own updaters", remote(jaeger.SamplerOptions.Updaters(&picky{})), jaeger.NewNullReporter(), false},
		{"remote, embedded", ownRemote{remote().(*jaeger.RemotelyControlledSampler)}, jaeger.NewNullReporter(), false},
		{"priority", x.NewPrioritySampler(yes), jaeger.NewNullReporter(), false},
		{"udp", yes, over(udp), true},
		{"http", yes, over(transport.NewHTTPTransport("http://127.0.0.1:1")), true},
		{"http, embedded", yes, over(ownHTTP{transport.NewHTTPTransport("http://127.0.0.1:1")}), false},
		{"zipkin", yes, over(first), true},
		{"own transport", yes, over(&ownTransport{}), false},
		{"composite", yes, jaeger.NewCompositeReporter(jaeger.NewLoggingReporter(jaeger.NullLogger), over(nil), jaeger.NewNullReporter()), true},
		{"composite with memory", yes, jaeger.NewCompositeReporter(over(nil), jaeger.NewInMemoryReporter()), false},
		{"embedded", yes, ownReporter{jaeger.NewNullReporter()}, false},
	} {
		tracer, closer := jaeger.NewTracer("svc", test.sampler, test.reporter)
		if got := tracer.(*jaeger.Tracer).Native(); got != test.want {
			t.Errorf("%s: got %t, want %t", test.name, got, test.want)
		}
		closer.Close()
	}
	for _, rpc := range []bool{false, true} {
		tracer, closer, err := config.Configuration{ServiceName: "svc", RPCMetrics: rpc, Reporter: &config.ReporterConfig{LogSpans: true}}.NewTracer(config.Logger(jaeger.NullLogger))
		if err != nil {
			t.Fatal(err)
		}
		if !tracer.(*jaeger.Tracer).Native() {
			t.Errorf("RPCMetrics %t: got a tracer of the defaults that is not native", rpc)
		}
		closer.Close()
	}
	for _, test := range []struct {
		name     string
		observer jaeger.Observer
		want     bool
	}{
		{"RPC metrics", rpcmetrics.NewObserver(nil, nil), true},
		{"RPC metrics of nothing", &rpcmetrics.Observer{}, false},
		{"RPC metrics, embedded", ownMetrics{rpcmetrics.NewObserver(nil, nil)}, false},
		{"own observer", &oldWatcher{}, false},
		{"none", nil, true},
	} {
		tracer, closer := jaeger.NewTracer("svc", yes, jaeger.NewNullReporter(), jaeger.TracerOptions.Observer(test.observer))
		if got := tracer.(*jaeger.Tracer).Native(); got != test.want {
			t.Errorf("%s: got %t, want %t", test.name, got, test.want)
		}
		closer.Close()
	}
}

// TestNativeAllocs: the span, and nothing for who decides and reports.
func TestNativeAllocs(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	for name, s := range map[string]jaeger.Sampler{
		"const": jaeger.NewConstSampler(true), "probabilistic": probabilistic(t, 1), "not sampled": probabilistic(t, 0), "rate limiting": jaeger.NewRateLimitingSampler(1e9), "guaranteed": guaranteed(1, 1),
		"per operation": jaeger.NewPerOperationSampler(jaeger.PerOperationSamplerParams{Strategies: operations(1)}),
		"remote":        jaeger.NewRemotelyControlledSampler("svc", jaeger.SamplerOptions.InitialSampler(probabilistic(t, 1)), jaeger.SamplerOptions.SamplingStrategyFetcher(answers())),
	} {
		tracer, closer := jaeger.NewTracer("svc", s, jaeger.NewCompositeReporter(jaeger.NewNullReporter()))
		work := func() { tracer.StartSpan("get").SetTag("k", 1).Finish() }
		for range 1000 {
			work()
		}
		if got := testing.AllocsPerRun(1000, work); got > 1 {
			t.Errorf("%s: got %v allocations, want 1", name, got)
		}
		closer.Close()
	}
}

// TestPacks: over UDP nothing stands between spans and transport, unless someone counts.
func TestPacks(t *testing.T) {
	t.Parallel()
	udp := func() jaeger.Transport {
		u, err := jaeger.NewUDPTransport("127.0.0.1:1", 0)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	counted := jaeger.ReporterOptions.Metrics(jaeger.NewMetrics(metricstest.NewFactory(0), nil))
	for _, test := range []struct {
		name     string
		reporter jaeger.Reporter
		want     bool
	}{
		{"UDP", jaeger.NewRemoteReporter(udp()), true},
		{"counted", jaeger.NewRemoteReporter(udp(), counted), false},
		{"HTTP", jaeger.NewRemoteReporter(transport.NewHTTPTransport("http://127.0.0.1:1")), false},
		{"none", jaeger.NewNullReporter(), false},
	} {
		if got := jaeger.Packs(test.reporter); got != test.want {
			t.Errorf("%s: got %t, want %t", test.name, got, test.want)
		}
		test.reporter.Close()
	}
}
