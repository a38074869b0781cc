// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/agenttest"
)

// trusting returns a client that trusts one CA and shows a certificate if there is one.
func trusting(tb testing.TB, ca []byte, own ...tls.Certificate) *http.Client {
	tb.Helper()
	h := client(tb)
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(ca) {
		tb.Fatalf("no certificate in %q", ca)
	}
	h.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: pool, Certificates: own}
	return h
}

// dialHTTP connects to addr, with TLS if there is a CA.
func dialHTTP(tb testing.TB, addr string, ca *agenttest.CA) net.Conn {
	tb.Helper()
	conn, err := net.Dial("tcp", addr)
	must(tb, err)
	if ca != nil {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(ca.PEM())
		conn = tls.Client(conn, &tls.Config{RootCAs: pool, ServerName: "localhost"})
	}
	tb.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestTLS(t *testing.T) {
	t.Parallel()
	c := agenttest.NewConfigServer(t, agenttest.WithTLS())
	if !strings.HasPrefix(c.SamplingURL(), "https://127.0.0.1:") {
		t.Errorf("URL: got %q, want one with https", c.SamplingURL())
	}
	data, err := os.ReadFile(c.CAFile())
	must(t, err)
	if !bytes.Equal(data, c.CA().PEM()) {
		t.Errorf("CA file\ngot  %q\nwant %q", data, c.CA().PEM())
	}
	_, port, err := net.SplitHostPort(c.Addr())
	must(t, err)
	for _, host := range []string{"127.0.0.1", "localhost"} {
		got, err := do(t, trusting(t, data), "GET", "https://"+host+":"+port+"/sampling?service=s", nil)
		if err != nil || got.status != 200 {
			t.Errorf("%s: got %+v, error %v, want 200", host, got, err)
		}
	}
	if _, err := do(t, client(t), "GET", c.SamplingURL(), nil); !errors.As(err, new(x509.UnknownAuthorityError)) {
		t.Errorf("client without the CA: got error %v, want unknown authority", err)
	}
	must(t, c.Wait(testContext(t), func() bool { return len(c.Errors()) > 0 }))
	if got := c.Errors()[0].Error(); !strings.Contains(got, "TLS handshake error") {
		t.Errorf("error: got %s, want a failed TLS handshake", got)
	}
	must(t, c.Close())
	if _, err := os.Stat(c.CAFile()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("CA file after Close: got error %v, want none there", err)
	}
}

func TestClientCertificates(t *testing.T) {
	t.Parallel()
	ca, err := agenttest.NewCA()
	must(t, err)
	c := agenttest.NewCollector(t, agenttest.WithClientCA(ca.PEM()))
	body := bodyOf(t, batchOf(1, "op"))
	certPEM, keyPEM, err := ca.Issue("shop")
	must(t, err)
	cert, err := tls.X509KeyPair(certPEM, keyPEM)
	must(t, err)
	got, err := do(t, trusting(t, c.CA().PEM(), cert), "POST", c.Endpoint(), body, thriftType)
	must(t, err)
	if r := c.Requests()[0]; got.status != 202 || r.Client != "shop" {
		t.Errorf("got status %d, client %q, want 202 and shop", got.status, r.Client)
	}
	if got, err := do(t, trusting(t, c.CA().PEM()), "POST", c.Endpoint(), body, thriftType); err == nil {
		t.Errorf("client without a certificate: got %+v, want an error", got)
	}
	if c.RequestCount() != 1 {
		t.Errorf("requests: got %d, want 1", c.RequestCount())
	}
}

func TestPlainServerHasNoCA(t *testing.T) {
	t.Parallel()
	c := agenttest.NewCollector(t)
	if c.CA() != nil || c.CAFile() != "" {
		t.Errorf("got CA %v in %q, want none", c.CA(), c.CAFile())
	}
}
