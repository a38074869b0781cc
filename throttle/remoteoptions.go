// SPDX-License-Identifier: Apache-2.0

package throttle

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// Defaults of NewRemote.
const (
	DefaultServer       = "http://127.0.0.1:5778/credits"
	DefaultInterval     = 5 * time.Second
	DefaultFetchTimeout = 10 * time.Second

	DefaultMaxOperations = 2000
	DefaultLocalRate     = 1.0
	DefaultLocalBurst    = 10
)

// RemoteOption configures NewRemote, which returns its errors.
type RemoteOption func(*remoteOptions) error

type remoteOptions struct {
	server        string
	interval      time.Duration
	timeout       time.Duration
	maxOperations int
	perSecond     float64
	burst         int
	clientID      string
	client        *http.Client
	logger        *slog.Logger
	polled        func(err error)
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
// is added, or host:port, which stands for http://host:port/credits.
// Default http://127.0.0.1:5778/credits.
func WithServer(url string) RemoteOption {
	return func(o *remoteOptions) error {
		o.server = url
		return nil
	}
}

// WithInterval sets the time between two questions, 1 ms or more; default five
// seconds. Each wait is up to a tenth longer or shorter, so that the services of
// a fleet do not ask all at once.
func WithInterval(d time.Duration) RemoteOption {
	return func(o *remoteOptions) error {
		if d < time.Millisecond {
			return fmt.Errorf("credits interval %v: want 1ms or more", d)
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
			return fmt.Errorf("credits fetch timeout %v: want more than 0", d)
		}
		o.timeout = d
		return nil
	}
}

// WithMaxOperations bounds how many operations have credits of their own, 1 or
// more; default 2000.
func WithMaxOperations(n int) RemoteOption {
	return func(o *remoteOptions) error {
		if n < 1 {
			return fmt.Errorf("credits max operations %d: want 1 or more", n)
		}
		o.maxOperations = n
		return nil
	}
}

// WithLocalLimit sets how many debug spans a second, and at once, operations
// without credits of their own may have together, as of NewLocal; default 1 and
// 10. With 0 a second there are none without credits.
func WithLocalLimit(perSecond float64, burst int) RemoteOption {
	return func(o *remoteOptions) error {
		if _, err := NewLocal(perSecond, burst); err != nil {
			return err
		}
		o.perSecond, o.burst = perSecond, burst
		return nil
	}
}

// WithClientID sets what the service is to know this client by, which is to
// differ from that of others; default a random number in hex.
func WithClientID(id string) RemoteOption {
	return func(o *remoteOptions) error {
		if id == "" {
			return errors.New("credits client id is empty")
		}
		o.clientID = id
		return nil
	}
}

// WithHTTPClient asks through c, for TLS settings, a proxy or headers. It is used
// as it is and stays the caller's. The default follows 3 redirects, keeps no
// connection open and uses no proxy.
func WithHTTPClient(c *http.Client) RemoteOption {
	return func(o *remoteOptions) error {
		if c == nil {
			return errors.New("credits http client is nil")
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
