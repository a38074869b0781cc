// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"fmt"
	"strings"
)

// Option changes how a server starts. Its comment says which servers take it: another one does not start with it.
type Option struct {
	name  string
	takes []string // kinds of servers; none means all
	set   func(*settings)
}

type settings struct {
	addr         string
	binaryAddr   string
	raw          bool
	countOnly    bool
	queueLimit   int
	keepLimit    int
	bodyLimit    int
	requestLimit int
	gzip         bool
	tls          bool
	clientCA     []byte
	v2           bool
}

// Kinds of servers, as errors name them.
const (
	kindAgent     = "agent"
	kindCollector = "collector"
	kindConfig    = "config server"
)

const (
	// Bytes that may wait for the agent's decoder: far above what a test on one machine can get ahead of it by.
	defaultQueueLimit = 128 << 20
	// Bytes on the wire whose decoded form is kept. Decoded they take up to ten times as much.
	defaultKeepLimit = 128 << 20
	// What generated code allocates for a list that claims as many elements as the body has bytes is eight times this.
	defaultBodyLimit = 8 << 20
	// Requests kept by an HTTP server; the rest is counted only.
	defaultRequestLimit = 10_000
)

func configure(kind string, opts []Option) (settings, error) {
	s := settings{
		addr: "127.0.0.1:0", binaryAddr: "127.0.0.1:0",
		queueLimit: defaultQueueLimit, keepLimit: defaultKeepLimit, bodyLimit: defaultBodyLimit, requestLimit: defaultRequestLimit,
	}
	for _, o := range opts {
		if o.set == nil {
			continue // the zero Option
		}
		fits := len(o.takes) == 0
		for _, k := range o.takes {
			fits = fits || k == kind
		}
		if !fits {
			return s, fmt.Errorf("agenttest: option %s is for: %s; not for: %s", o.name, strings.Join(o.takes, ", "), kind)
		}
		o.set(&s)
	}
	return s, nil
}

// WithAddr sets the host:port to listen on, such as "127.0.0.1:6831"; of an agent the one that takes Thrift compact. The host
// must be a loopback address. The default is "127.0.0.1:0", any free port. All servers take it.
func WithAddr(hostport string) Option {
	return Option{"WithAddr", nil, func(s *settings) { s.addr = hostport }}
}

// WithBinaryAddr sets the host:port where an agent takes Thrift binary, such as "127.0.0.1:6832". The host must be a loopback
// address. The default is "127.0.0.1:0", any free port.
func WithBinaryAddr(hostport string) Option {
	return Option{"WithBinaryAddr", []string{kindAgent}, func(s *settings) { s.binaryAddr = hostport }}
}

// WithRawPackets makes an agent keep the bytes of every packet, good or bad, for [Agent.RawPackets]. By default they are
// not kept.
func WithRawPackets() Option {
	return Option{"WithRawPackets", []string{kindAgent}, func(s *settings) { s.raw = true }}
}

// WithCountOnly makes an agent or collector decode and count but keep neither batches nor spans, so that a load test of
// any length runs in constant memory. The counters, Errors, Process, Stats, Clients and Lost work as usual.
func WithCountOnly() Option {
	return Option{"WithCountOnly", []string{kindAgent, kindCollector}, func(s *settings) { s.countOnly = true }}
}

// WithGzip makes a collector take bodies with Content-Encoding gzip. By default it answers them with 400, as Jaeger's own
// collector does on /api/traces, which cannot decode them.
func WithGzip() Option {
	return Option{"WithGzip", []string{kindCollector}, func(s *settings) { s.gzip = true }}
}

// WithBodyLimit sets how many bytes the body of a request may have, before and after gzip; a larger one is answered with
// 413. The default is 8 MiB. Collectors and config servers take it.
func WithBodyLimit(bytes int) Option {
	return Option{"WithBodyLimit", []string{kindCollector, kindConfig}, func(s *settings) { s.bodyLimit = bytes }}
}

// WithTLS makes a collector or config server speak HTTPS, and nothing else, with a certificate for 127.0.0.1, ::1 and
// localhost, and for the host of WithAddr, from a CA made at its start. Clients find the CA with the server's CA and CAFile.
func WithTLS() Option {
	return Option{"WithTLS", []string{kindCollector, kindConfig}, func(s *settings) { s.tls = true }}
}

// WithClientCA makes a collector or config server refuse TLS clients without a certificate of one of the CAs in pem, which
// is what [CA.PEM] returns. It includes WithTLS.
func WithClientCA(pem []byte) Option {
	return Option{"WithClientCA", []string{kindCollector, kindConfig}, func(s *settings) { s.tls, s.clientCA = true, append([]byte{}, pem...) }}
}

// WithJaegerV2 makes a config server behave as Jaeger 2 does on port 5778, where any path gets the sampling strategy, also
// /baggageRestrictions and /credits. By default it behaves as the jaeger-agent of Jaeger 1.
func WithJaegerV2() Option {
	return Option{"WithJaegerV2", []string{kindConfig}, func(s *settings) { s.v2 = true }}
}
