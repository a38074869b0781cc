// SPDX-License-Identifier: Apache-2.0

package baggage

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// Defaults of NewRemote.
const (
	DefaultServer       = "http://127.0.0.1:5778/baggageRestrictions"
	DefaultInterval     = time.Minute
	DefaultFetchTimeout = 10 * time.Second
)

// RemoteOption configures NewRemote, which returns its errors.
type RemoteOption func(*remoteOptions) error

type remoteOptions struct {
	server   string
	interval time.Duration
	timeout  time.Duration
	deny     bool
	client   *http.Client
	logger   *slog.Logger
	polled   func(err error)
}

// tellPolled survives a panic of the user's, which would end the host process.
func (o *remoteOptions) tellPolled(err error) {
	if o.polled == nil {
		return
	}
	defer func() { _ = recover() }()
	o.polled(err)
}

// WithServer sets where to ask: an http or https URL, to whose query the service
// is added, or host:port, which stands for http://host:port/baggageRestrictions.
// Default http://127.0.0.1:5778/baggageRestrictions.
func WithServer(url string) RemoteOption {
	return func(o *remoteOptions) error {
		o.server = url
		return nil
	}
}

// WithInterval sets the time between two questions, 1 ms or more; default one
// minute. Each wait is up to a tenth longer or shorter, so that the services of
// a fleet do not ask all at once.
func WithInterval(d time.Duration) RemoteOption {
	return func(o *remoteOptions) error {
		if d < time.Millisecond {
			return fmt.Errorf("baggage restrictions interval %v: want 1ms or more", d)
		}
		o.interval = d
		return nil
	}
}

// WithFetchTimeout bounds one question from the connection to the answer's last
// byte; default 10 seconds.
func WithFetchTimeout(d time.Duration) RemoteOption {
	return func(o *remoteOptions) error {
		if d <= 0 {
			return fmt.Errorf("baggage restrictions fetch timeout %v: want more than 0", d)
		}
		o.timeout = d
		return nil
	}
}

// WithDenyUntilFirstAnswer refuses all keys until the server has answered, where
// the default is to allow them. A server without such a list has answered, too:
// all keys are then allowed.
func WithDenyUntilFirstAnswer() RemoteOption {
	return func(o *remoteOptions) error {
		o.deny = true
		return nil
	}
}

// WithHTTPClient asks through c, for TLS settings, a proxy or headers. It is used
// as it is and stays the caller's. The default follows 3 redirects, keeps no
// connection open and uses no proxy.
func WithHTTPClient(c *http.Client) RemoteOption {
	return func(o *remoteOptions) error {
		if c == nil {
			return errors.New("baggage restrictions http client is nil")
		}
		o.client = c
		return nil
	}
}

// WithLogger sets where failures are told; the default, and nil, is
// slog.Default(), whichever that is at the time of a line.
func WithLogger(l *slog.Logger) RemoteOption {
	return func(o *remoteOptions) error {
		o.logger = l
		return nil
	}
}

// WithPolled has f called behind each question, on the goroutine that asks, which
// waits for it, with what was wrong with the question or the answer. It is for
// those who count; Stats says the same of the time since the start.
func WithPolled(f func(err error)) RemoteOption {
	return func(o *remoteOptions) error {
		o.polled = f
		return nil
	}
}
