// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/agenttest"
	"github.com/jaegerkit/jaeger/config"
	"github.com/jaegerkit/jaeger/transport"
)

const sampled = "service_name: shop\nsampler: {type: const, param: 1}\n"

// build makes a tracer out of a document and variables, closed with the test. Its log is
// returned, too.
func build(t *testing.T, document string, vars map[string]string, opts ...jaeger.Option) (*jaeger.Tracer, *buffer) {
	t.Helper()
	cfg := parse(t, document)
	if _, err := cfg.FromEnvOf(vars); err != nil {
		t.Fatal(err)
	}
	log := new(buffer)
	cfg.Logger = slog.NewTextHandler(log, nil)
	tracer, err := cfg.NewTracer(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tracer.Close() })
	return tracer, log
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// written puts data into a file of the test's own and returns its path, quoted for YAML.
func written(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%q", path)
}

func TestCollector(t *testing.T) {
	t.Parallel()
	ca, err := agenttest.NewCA()
	if err != nil {
		t.Fatal(err)
	}
	cert, key, err := ca.Issue("shop-client")
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile := written(t, "cert.pem", cert), written(t, "key.pem", key)
	header := func(name string) func(agenttest.Request) string {
		return func(r agenttest.Request) string { return r.Header.Get(name) }
	}
	tests := []struct {
		name   string
		server []agenttest.Option
		yaml   string // in the section reporter, %[1]s the endpoint, %[2]q the file of its CA
		vars   map[string]string
		get    func(agenttest.Request) string
		want   string
	}{
		{"plain", nil, "collector_endpoint: %[1]s", nil, func(r agenttest.Request) string { return r.Path + "?" + r.Query.Encode() },
			"/api/traces?format=jaeger.thrift"},
		{"basic", nil, "collector_endpoint: %[1]s\n  user: alice\n  password: ' hunter2'", nil, header("Authorization"),
			"Basic " + base64.StdEncoding.EncodeToString([]byte("alice: hunter2"))},
		{"basic by variables", nil, "collector_endpoint: %[1]s", map[string]string{"JAEGER_USER": "a", "JAEGER_PASSWORD": "b"}, header("Authorization"),
			"Basic " + base64.StdEncoding.EncodeToString([]byte("a:b"))},
		{"bearer", nil, "collector_endpoint: %[1]s\n  auth_token: abc.def", nil, header("Authorization"), "Bearer abc.def"},
		{"bearer by variable, as a file ends", nil, "collector_endpoint: %[1]s", map[string]string{"JAEGER_AUTH_TOKEN": "abc\n"}, header("Authorization"), "Bearer abc"},
		{"header", nil, "endpoint: %[1]s\n  http_headers: {x-tenant: '12'}", nil, header("X-Tenant"), "12"},
		{"header Authorization", nil, "endpoint: %[1]s\n  http_headers: {authorization: Custom 1}", nil, header("Authorization"), "Custom 1"},
		{"gzip", []agenttest.Option{agenttest.WithGzip()}, "endpoint: %[1]s\n  gzip: true", nil, header("Content-Encoding"), "gzip"},
		{"no gzip", []agenttest.Option{agenttest.WithGzip()}, "endpoint: %[1]s", nil, header("Content-Encoding"), ""},
		{"tls", []agenttest.Option{agenttest.WithTLS()}, "endpoint: %[1]s\n  tls: {ca: %[2]q}", nil, header("Content-Type"), "application/x-thrift"},
		{"tls by another name", []agenttest.Option{agenttest.WithTLS()}, "endpoint: %[1]s\n  tls: {ca: %[2]q, server_name: localhost}", nil,
			header("Content-Type"), "application/x-thrift"},
		{"tls unverified", []agenttest.Option{agenttest.WithTLS()}, "endpoint: %[1]s", map[string]string{"JAEGER_TLS_SKIP_HOST_VERIFY": "true"},
			header("Content-Type"), "application/x-thrift"},
		{"mutual tls", []agenttest.Option{agenttest.WithClientCA(ca.PEM())}, "endpoint: %[1]s\n  tls: {ca: %[2]q, cert: " + certFile + ", key: " + keyFile + "}", nil,
			func(r agenttest.Request) string { return r.Client }, "shop-client"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			collector := agenttest.NewCollector(t, test.server...)
			section := fmt.Sprintf(test.yaml+"\n  # %[1]s %[2]q\n", collector.Endpoint(), collector.CAFile())
			tracer, log := build(t, sampled+"reporter:\n  "+section, test.vars)
			tracer.StartSpan("op").Finish()
			if err := tracer.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := collector.WaitSpans(soon(t), 1); err != nil {
				t.Fatalf("%v\n%s", err, log)
			}
			if got := test.get(collector.Requests()[0]); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if got := tracer.Stats().Reporter.Sent; got != 1 {
				t.Errorf("got %d spans sent, want 1", got)
			}
		})
	}
}

func TestCollectorByVariable(t *testing.T) {
	t.Parallel()
	collector := agenttest.NewCollector(t)
	tracer, _ := build(t, sampled, map[string]string{"JAEGER_ENDPOINT": collector.Endpoint(), "JAEGER_AGENT_HOST": "nowhere.invalid"})
	tracer.StartSpan("op").Finish()
	tracer.Close()
	if _, err := collector.WaitSpans(soon(t), 1); err != nil {
		t.Error(err)
	}
}

func TestZipkinServer(t *testing.T) {
	t.Parallel()
	collector := agenttest.NewCollector(t, agenttest.WithGzip())
	tracer, _ := build(t, sampled+"reporter: {zipkin_endpoint: '"+collector.ZipkinEndpoint()+"', auth_token: abc, gzip: true}", nil)
	tracer.StartSpan("op").Finish()
	tracer.Close()
	spans, err := collector.WaitZipkinSpans(soon(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := spans[0]; got.Name != "op" || got.LocalEndpoint.ServiceName != "shop" {
		t.Errorf("got %+v, want op of shop", got)
	}
	if r := collector.Requests()[0]; r.Header.Get("Authorization") != "Bearer abc" || r.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("got %v, want a token and gzip", r.Header)
	}
}

// Tries, their bounds and the size of a request.
func TestDeliverySettings(t *testing.T) {
	t.Parallel()
	busy := agenttest.Status(http.StatusServiceUnavailable, nil, "busy")
	tests := []struct {
		name          string
		fault         agenttest.Fault
		fails         int
		yaml          string
		spans         int
		requests      int // 0 for any
		sent, dropped uint64
	}{
		{"one request", busy, 0, "", 3, 1, 3, 0},
		{"batch size", busy, 0, ", batch_size: 1", 3, 3, 3, 0},
		{"another try", busy, 1, "", 1, 2, 1, 0},
		{"no more tries", busy, 1000, ", retry_timeout: 1ms", 1, 0, 0, 1},
		{"no answer", agenttest.Hang(), 1000, ", http_timeout: 5ms, retry_timeout: 1ms", 1, 0, 0, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			collector := agenttest.NewCollector(t)
			collector.Fail(test.fails, test.fault)
			tracer, _ := build(t, sampled+"reporter: {flush_interval: 1h, endpoint: '"+collector.Endpoint()+"'"+test.yaml+"}", nil)
			for range test.spans {
				tracer.StartSpan("op").Finish()
			}
			if err := tracer.Flush(soon(t)); err != nil {
				t.Log(err) // what Flush says of lost spans is not this package's
			}
			got := tracer.Stats().Reporter
			if got.Sent != test.sent || got.Dropped.Transport != test.dropped {
				t.Errorf("got %+v, want %d sent and %d dropped", got, test.sent, test.dropped)
			}
			if n := collector.RequestCount(); test.requests > 0 && n != test.requests {
				t.Errorf("got %d requests, want %d", n, test.requests)
			}
		})
	}
}

// Files that cannot be used are told at the start, all of them, with the place that names
// them, and nothing is left running.
func TestUnreadableFiles(t *testing.T) {
	garbage := written(t, "garbage.pem", []byte("garbage"))
	const none = "none.pem"
	tests := []struct {
		name, tls string
		want      []string
	}{
		{"no ca", "{ca: none.pem}", []string{`config: line 4: reporter.tls: tls ca "none.pem": `}},
		{"no certificate in ca", "{ca: " + garbage + "}", []string{"reporter.tls: tls ca " + garbage + ": no certificate in it"}},
		{"all of them", "{ca: none.pem, cert: none.pem, key: none.pem}", []string{`tls ca "none.pem"`, `tls cert "none.pem"`, `tls key "none.pem"`}},
		{"no pair", "{cert: " + garbage + ", key: " + garbage + "}", []string{"tls cert " + garbage + " with key " + garbage}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			cfg := parse(t, "service_name: shop\nreporter:\n  endpoint: https://collector.invalid\n  tls: "+test.tls+"\nthrottler: {}\nbaggage_restrictions: {}")
			tracer, err := cfg.NewTracer()
			if tracer != nil || err == nil {
				t.Fatalf("got %v, %v, want an error", tracer, err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got  %v\nwant %s", err, want)
				}
			}
		})
	}
	if _, err := os.Stat(none); err == nil {
		t.Fatalf("%s is there", none)
	}
}

// Whatever goes wrong, neither the log nor an error shows a secret.
func TestSecretsAreNotInTheLog(t *testing.T) {
	t.Parallel()
	for _, section := range []string{
		"endpoint: '%s', user: alice, password: hunter2",
		"endpoint: '%s', auth_token: hunter2",
		"endpoint: '%s&api_key=hunter2', http_headers: {X-Key: hunter2}",
		"endpoint: '%s', http_headers: {Authorization: Bearer hunter2}",
	} {
		t.Run(section, func(t *testing.T) {
			t.Parallel()
			collector := agenttest.NewCollector(t)
			collector.Fail(1000, agenttest.Status(http.StatusUnauthorized, nil, "who are you"))
			tracer, log := build(t, sampled+"logging: true\nreporter: {"+fmt.Sprintf(section, collector.Endpoint())+"}", nil)
			tracer.StartSpan("op").Finish()
			err := tracer.Close()
			if got := log.String(); !strings.Contains(got, "who are you") || strings.Contains(got, "hunter2") {
				t.Errorf("got the log\n%s\nwant the failure without the secret", got)
			}
			if strings.Contains(fmt.Sprint(err), "hunter2") {
				t.Errorf("the secret is in %v", err)
			}
		})
	}
}

// FuzzEndpoint: what Validate accepts as endpoint, token or header, the transports do, too.
func FuzzEndpoint(f *testing.F) {
	for _, seed := range []string{"http://c", "https://a:b@c:1/x?y=z#w", "http://:b@c", "http://c:0", "HTTP://[::1]:14268", "http://c:", "http://a%20b@c", "http://a%3ab@c"} {
		f.Add(seed, "token", "X-A", "v")
	}
	f.Add("http://c", "to ken", "Content-Length", "1")
	f.Add("http://c", "", "Authorization", "Basic x")
	quiet := slog.NewTextHandler(io.Discard, nil)
	f.Fuzz(func(t *testing.T, url, token, name, value string) {
		c := &config.Config{ServiceName: "s", Sampler: config.Sampler{Type: "const"}, Logger: quiet}
		c.Reporter = config.Reporter{Endpoint: url, AuthToken: token, HTTPHeaders: map[string]string{name: value}}
		if c.Validate() != nil {
			return
		}
		tracer, err := c.NewTracer()
		if err != nil {
			t.Fatalf("got %v for what is valid: %q %q %q %q", err, url, token, name, value)
		}
		tracer.Close()
		full, err := c.Complete()
		if err != nil || full.Reporter.Endpoint == "" {
			return
		}
		zipkin, err := transport.NewZipkin(full.Reporter.Endpoint)
		if err != nil {
			t.Fatal(err)
		}
		zipkin.Close()
	})
}
