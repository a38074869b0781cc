// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
)

// TLSFiles are TLS settings as a configuration file has them: names of PEM
// files. All are optional.
type TLSFiles struct {
	CA         string // certificates that are trusted instead of the system's
	Cert, Key  string // shown to a collector that asks who calls; both or neither
	ServerName string // expected in the collector's certificate instead of the URL's host
	SkipVerify bool   // take any certificate: for tests
}

// maxPEM is more than any bundle of certificates has.
const maxPEM = 16 << 20

// Config reads the files. Its error names each that cannot be used. TLS 1.2 is
// the lowest version.
func (f TLSFiles) Config() (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: f.ServerName, InsecureSkipVerify: f.SkipVerify}
	var errs []error
	if f.CA != "" {
		pem, err := readPEM(f.CA)
		if err == nil {
			if c.RootCAs = x509.NewCertPool(); !c.RootCAs.AppendCertsFromPEM(pem) {
				err = errors.New("no certificate in it")
			}
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("tls ca %q: %w", f.CA, err))
		}
	}
	switch {
	case f.Cert != "" && f.Key != "":
		errs = append(errs, f.pair(c))
	case f.Cert != "":
		errs = append(errs, fmt.Errorf("tls cert %q: its key is missing", f.Cert))
	case f.Key != "":
		errs = append(errs, fmt.Errorf("tls key %q: its cert is missing", f.Key))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c, nil
}

func (f TLSFiles) pair(c *tls.Config) error {
	cert, err := readPEM(f.Cert)
	if err != nil {
		err = fmt.Errorf("tls cert %q: %w", f.Cert, err)
	}
	key, keyErr := readPEM(f.Key)
	if keyErr != nil {
		keyErr = fmt.Errorf("tls key %q: %w", f.Key, keyErr)
	}
	if err := errors.Join(err, keyErr); err != nil {
		return err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return fmt.Errorf("tls cert %q with key %q: %w", f.Cert, f.Key, err)
	}
	c.Certificates = []tls.Certificate{pair}
	return nil
}

// readPEM reads a regular file: a pipe or device could be without end.
func readPEM(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, reason(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a file")
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, reason(err)
	}
	defer file.Close()
	pem, err := io.ReadAll(io.LimitReader(file, maxPEM+1))
	if err != nil {
		return nil, reason(err)
	}
	if len(pem) > maxPEM {
		return nil, fmt.Errorf("larger than %d bytes", maxPEM)
	}
	return pem, nil
}

// reason leaves out the name, which the caller quotes.
func reason(err error) error {
	if e := (*os.PathError)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}
