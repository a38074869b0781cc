// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"context"
	"fmt"
	"net"
	"net/http"
)

// question is where dial finds the context of the question.
type question struct{}

const mostRedirects = 3

// NewClient makes a client of its own, for one short request now and then: no
// connection is kept, and no proxy of the environment is asked, as the server is
// the local agent or stands beside it.
func NewClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            dial,
			MaxResponseHeaderBytes: 16 << 10,
			DisableKeepAlives:      true,
		},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > mostRedirects {
				return fmt.Errorf("more than %d redirects", mostRedirects)
			}
			return nil
		},
	}
}

// dial binds a connection to its question. http.Transport goes on dialing and
// with the TLS handshake when the request has ended, in case of another one:
// there will be none, and Loop.Close promises that nothing is left.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	if asked, ok := ctx.Value(question{}).(context.Context); ok {
		ctx = asked
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err == nil {
		context.AfterFunc(ctx, func() { _ = conn.Close() })
	}
	return conn, err
}
