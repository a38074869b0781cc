// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/transport"
)

// clientTLS trusts s.
func clientTLS(s *httptest.Server) *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return &tls.Config{RootCAs: pool}
}

// pemFiles writes a self-signed certificate for 127.0.0.1, and its key.
func pemFiles(t *testing.T, name string) (cert, key string, pair tls.Certificate) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"collector.example"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, name+".crt"), filepath.Join(dir, name+".key")
	write(t, cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER}))
	if pair, err = tls.LoadX509KeyPair(cert, key); err != nil {
		t.Fatal(err)
	}
	return cert, key, pair
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func tlsCollector(t *testing.T, c *tls.Config) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(202)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = c
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func TestTLS(t *testing.T) {
	t.Parallel()
	serverCert, _, server := pemFiles(t, "server")
	clientCert, clientKey, client := pemFiles(t, "client")
	clients := x509.NewCertPool()
	clients.AddCert(client.Leaf)
	plain := tlsCollector(t, &tls.Config{Certificates: []tls.Certificate{server}})
	mutual := tlsCollector(t, &tls.Config{Certificates: []tls.Certificate{server}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients})
	for _, test := range []struct {
		name  string
		files transport.TLSFiles
		at    *httptest.Server
		want  string // of the error; "" for success
	}{
		{"ca", transport.TLSFiles{CA: serverCert}, plain, ""},
		{"unknown ca", transport.TLSFiles{}, plain, "gave up after 1 try: tls: failed to verify certificate"},
		{"wrong ca", transport.TLSFiles{CA: clientCert}, plain, "gave up after 1 try: tls: failed to verify certificate"},
		{"skip verify", transport.TLSFiles{SkipVerify: true}, plain, ""},
		{"server name", transport.TLSFiles{CA: serverCert, ServerName: "collector.example"}, plain, ""},
		{"wrong server name", transport.TLSFiles{CA: serverCert, ServerName: "other.example"}, plain, "other.example"},
		{"mutual", transport.TLSFiles{CA: serverCert, Cert: clientCert, Key: clientKey}, mutual, ""},
		// The reason is in an alert behind the handshake, which a write that fails
		// first may hide.
		{"mutual without a certificate", transport.TLSFiles{CA: serverCert}, mutual, "gave up after"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := test.files.Config()
			if err != nil {
				t.Fatal(err)
			}
			h, _ := newHTTP(t, test.at.URL, transport.WithTLS(c), transport.WithRetry(time.Second))
			n, err := h.Send(context.Background(), spansWithIDs(2))
			if test.want == "" && (n != 2 || err != nil) || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got: %d, %v\nwant: %q", n, err, test.want)
			}
		})
	}
	h, _ := newHTTP(t, strings.Replace(newCollector(t, nil).URL, "http:", "https:", 1))
	if _, err := h.Send(context.Background(), spansWithIDs(1)); err == nil || !strings.Contains(err.Error(), "1 try: http: server gave HTTP response to HTTPS client") {
		t.Errorf("got: %v\nwant: an error at once", err)
	}
}

func TestTLSFilesErrors(t *testing.T) {
	t.Parallel()
	cert, key, _ := pemFiles(t, "one")
	_, otherKey, _ := pemFiles(t, "two")
	dir := t.TempDir()
	empty, garbage, missing := filepath.Join(dir, "empty"), filepath.Join(dir, "garbage"), filepath.Join(dir, "missing")
	write(t, empty, nil)
	write(t, garbage, []byte("-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n"))
	for _, test := range []struct {
		name  string
		files transport.TLSFiles
		want  []string
	}{
		{"missing ca", transport.TLSFiles{CA: missing}, []string{"tls ca", missing, "no such file"}},
		{"empty ca", transport.TLSFiles{CA: empty}, []string{"tls ca", empty, "no certificate in it"}},
		{"garbage ca", transport.TLSFiles{CA: garbage}, []string{"tls ca", garbage, "no certificate in it"}},
		{"ca is a key", transport.TLSFiles{CA: key}, []string{"tls ca", key, "no certificate in it"}},
		{"ca is a folder", transport.TLSFiles{CA: dir}, []string{"tls ca", dir, "not a file"}},
		{"cert alone", transport.TLSFiles{Cert: cert}, []string{"tls cert", cert, "its key is missing"}},
		{"key alone", transport.TLSFiles{Key: key}, []string{"tls key", key, "its cert is missing"}},
		{"wrong key", transport.TLSFiles{Cert: cert, Key: otherKey}, []string{"tls cert", cert, otherKey, "private key"}},
		{"all at once", transport.TLSFiles{CA: missing, Cert: missing, Key: missing}, []string{"tls ca", "tls cert", "tls key"}},
	} {
		c, err := test.files.Config()
		if c != nil || err == nil {
			t.Errorf("%s\n got: %v, %v\nwant: an error", test.name, c, err)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s\n got: %v\nwant: %q in it", test.name, err, want)
			}
		}
	}
	if c, err := (transport.TLSFiles{}).Config(); err != nil || c.RootCAs != nil || c.MinVersion != tls.VersionTLS12 {
		t.Errorf("none\n got: %+v, %v\nwant: the system's roots, TLS 1.2", c, err)
	}
}
