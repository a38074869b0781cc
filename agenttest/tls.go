// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"time"
)

// How long certificates are valid, from an hour before they are made: clocks may be set back a little.
const validity = 365 * 24 * time.Hour

// CA is a certificate authority of a test's own, for one year. It is safe for concurrent use.
type CA struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

// NewCA makes a CA.
func NewCA() (*CA, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := certificate("agenttest CA")
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &CA{cert, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}, nil
}

// PEM returns the CA's certificate, as clients want it to trust a server, and WithClientCA to trust clients.
func (c *CA) PEM() []byte { return append([]byte{}, c.pem...) }

// Issue makes a key and a certificate signed by the CA, both in PEM, with this common name, for clients and for servers at
// these hosts, which are DNS names or IP addresses.
func (c *CA) Issue(name string, hosts ...string) (certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := certificate(name)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, c.cert, key.Public(), c.key)
	if err != nil {
		return nil, nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	certPEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return certPEM, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), nil
}

func certificate(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)) // zero, if there is no randomness, is taken, too
	begin := time.Now().Add(-time.Hour)
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    begin,
		NotAfter:     begin.Add(validity),
	}
}

// CA returns the authority that signed the server's certificate, or nil without WithTLS.
func (s *server) CA() *CA { return s.ca }

// CAFile returns the path of a file with the CA's certificate in PEM, or "" without WithTLS. Close removes it.
func (s *server) CAFile() string { return s.caFile.path() }

// secure makes the CA, its file and the server's certificate.
func (s *server) secure(ip net.IP) (*tls.Config, error) {
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.settings.clientCA != nil {
		conf.ClientAuth = tls.RequireAndVerifyClientCert
		conf.ClientCAs = x509.NewCertPool()
		if !conf.ClientCAs.AppendCertsFromPEM(s.settings.clientCA) {
			return nil, errors.New("WithClientCA: no certificate in the PEM")
		}
	}
	ca, err := NewCA()
	if err != nil {
		return nil, err
	}
	certPEM, keyPEM, err := ca.Issue("agenttest server", "127.0.0.1", "::1", "localhost", ip.String())
	if err != nil {
		return nil, err
	}
	cert, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, err
	}
	conf.Certificates = []tls.Certificate{cert}
	s.ca = ca
	s.caFile, err = writeTemp("agenttest-ca-*.pem", ca.pem)
	return conf, err
}

// tempFile is a file that exists until remove. Nil is none.
type tempFile struct{ name string }

func writeTemp(pattern string, data []byte) (*tempFile, error) {
	f, err := os.CreateTemp("", pattern)
	if err != nil {
		return nil, err
	}
	t := &tempFile{f.Name()}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		t.remove()
		return nil, err
	}
	return t, nil
}

func (t *tempFile) path() string {
	if t == nil {
		return ""
	}
	return t.name
}

func (t *tempFile) remove() {
	if t != nil {
		_ = os.Remove(t.name)
	}
}
