// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"net"
	"strconv"

	"github.com/jaegerkit/jaeger/transport"
)

// sender is the way to the agent, or to a collector where one is named.
func (b *builder) sender() (transport.Sender, error) {
	r := &b.Reporter
	if r.Endpoint == "" && r.ZipkinEndpoint == "" {
		return transport.NewUDP(b.target(), b.udpOptions()...)
	}
	opts, err := b.httpOptions()
	if err != nil {
		return nil, err
	}
	if r.ZipkinEndpoint != "" {
		return transport.NewZipkin(r.ZipkinEndpoint, opts...)
	}
	return transport.NewHTTP(r.Endpoint, opts...)
}

func (b *builder) udpOptions() []transport.UDPOption {
	reresolve := b.Reporter.ReconnectInterval
	if b.Reporter.DisableReconnect {
		reresolve = 0
	}
	return []transport.UDPOption{
		transport.WithMaxPacketSize(b.Reporter.MaxPacketSize), transport.WithReresolve(reresolve), transport.WithLogger(b.log),
	}
}

func (b *builder) httpOptions() ([]transport.HTTPOption, error) {
	r := &b.Reporter
	opts := []transport.HTTPOption{
		transport.WithTimeout(r.HTTPTimeout), transport.WithRetry(r.RetryTimeout), transport.WithBatchSize(r.BatchSize),
		transport.WithHTTPHeaders(r.HTTPHeaders), transport.WithLogger(b.log),
	}
	switch {
	case r.User != "":
		opts = append(opts, transport.WithBasicAuth(r.User, r.Password))
	case r.AuthToken != "":
		opts = append(opts, transport.WithBearerToken(r.AuthToken))
	}
	if r.Gzip {
		opts = append(opts, transport.WithGzip())
	}
	if r.TLS != (TLS{}) {
		files := transport.TLSFiles{CA: r.TLS.CA, Cert: r.TLS.Cert, Key: r.TLS.Key, ServerName: r.TLS.ServerName, SkipVerify: r.TLS.SkipHostVerify}
		settings, err := files.Config()
		if err != nil {
			return nil, b.refusedFiles(err)
		}
		opts = append(opts, transport.WithTLS(settings))
	}
	return opts, nil
}

// refusedFiles says where the files were named.
func (b *builder) refusedFiles(err error) error {
	where := ""
	for _, key := range tlsKeys {
		if where = b.whence(key); where != "" {
			where += ": "
			break
		}
	}
	return fmt.Errorf("config: %sreporter.tls: %w", where, err)
}

// target is where spans go, without secrets.
func (b *builder) target() string {
	if b.ReportTo != nil {
		return fmt.Sprintf("%T", b.ReportTo)
	}
	if to := b.Reporter.Endpoint + b.Reporter.ZipkinEndpoint; to != "" {
		return redact(to)
	}
	return net.JoinHostPort(b.Reporter.AgentHost, strconv.Itoa(b.Reporter.AgentPort))
}
