// SPDX-License-Identifier: Apache-2.0

package sampler

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// Defaults of NewRemote.
const (
	DefaultServer       = "http://127.0.0.1:5778/sampling"
	DefaultInterval     = time.Minute
	DefaultFetchTimeout = 10 * time.Second
	DefaultInitialRate  = 0.001
)

// RemoteOption configures NewRemote, which returns its errors.
type RemoteOption func(*remoteOptions) error

type remoteOptions struct {
	server        string
	interval      time.Duration
	timeout       time.Duration
	maxOperations int
	lateBinding   bool
	initial       Sampler
	fetch         Fetcher
	client        *http.Client
	logger        *slog.Logger
	polled        func(answered bool, err error)
}

// tellPolled survives a panic of the user's, which would end the host process.
func (o *remoteOptions) tellPolled(answered bool, err error) {
	if o.polled == nil {
		return
	}
	defer func() { _ = recover() }()
	o.polled(answered, err)
}

// WithServer sets where to ask: an http or https URL, to whose query the service
// is added, or host:port, which stands for http://host:port/sampling. Default
// http://127.0.0.1:5778/sampling.
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
			return fmt.Errorf("sampling interval %v: want 1ms or more", d)
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
			return fmt.Errorf("sampling fetch timeout %v: want more than 0", d)
		}
		o.timeout = d
		return nil
	}
}

// WithMaxOperations bounds how many operations have a sampler of their own, 1 or
// more, where the server has strategies for operations; default 2000.
func WithMaxOperations(n int) RemoteOption {
	return func(o *remoteOptions) error {
		if n < 1 {
			return fmt.Errorf("sampling max operations %d: want 1 or more", n)
		}
		o.maxOperations = n
		return nil
	}
}

// WithLateBinding lets the strategies for operations, where the server has them,
// decide by the second name of the local root what its first name does not keep:
// Strategies.LateBinding, which says what that costs.
func WithLateBinding() RemoteOption {
	return func(o *remoteOptions) error {
		o.lateBinding = true
		return nil
	}
}

// WithInitial sets the sampler in force until the first strategy came; default
// probabilistic(0.001). If it is an io.Closer, Remote's Close closes it.
func WithInitial(s Sampler) RemoteOption {
	return func(o *remoteOptions) error {
		if s == nil {
			return errors.New("initial sampler is nil")
		}
		o.initial = s
		return nil
	}
}

// WithFetcher asks by other means than HTTP; the server and the client are then
// not used.
func WithFetcher(f Fetcher) RemoteOption {
	return func(o *remoteOptions) error {
		if f == nil {
			return errors.New("sampling fetcher is nil")
		}
		o.fetch = f
		return nil
	}
}

// WithHTTPClient asks through c, for TLS settings, a proxy or headers. It is used
// as it is and stays the caller's. The default follows 3 redirects, keeps no
// connection open and uses no proxy.
func WithHTTPClient(c *http.Client) RemoteOption {
	return func(o *remoteOptions) error {
		if c == nil {
			return errors.New("sampling http client is nil")
		}
		o.client = c
		return nil
	}
}

// WithLogger sets where failures and changes are told; the default, and nil, is
// slog.Default(), whichever that is at the time of a line.
func WithLogger(l *slog.Logger) RemoteOption {
	return func(o *remoteOptions) error {
		o.logger = l
		return nil
	}
}

// WithPolled has f called behind each question, on the sampler's goroutine, which
// waits for it: whether there was an answer, and what was wrong with it or with
// the question. With no error the answer is in force. It is for those who count;
// Stats says the same of the time since the start.
func WithPolled(f func(answered bool, err error)) RemoteOption {
	return func(o *remoteOptions) error {
		o.polled = f
		return nil
	}
}
