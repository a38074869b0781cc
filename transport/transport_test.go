// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"errors"
	"io"
	"testing"

	"github.com/jaegerkit/jaeger/transport"
)

func TestError(t *testing.T) {
	t.Parallel()
	var err error = &transport.Error{Cause: transport.TooLarge, Spans: 3, Err: io.ErrShortWrite}
	if got, want := err.Error(), "3 spans lost: short write"; got != want {
		t.Errorf("got: %s\nwant: %s", got, want)
	}
	if !errors.Is(err, io.ErrShortWrite) {
		t.Error("got: no io.ErrShortWrite in the chain\nwant: it")
	}
	for cause, want := range map[transport.Cause]string{
		transport.Transport: "transport", transport.TooLarge: "too_large", transport.Encode: "encode",
	} {
		if got := cause.String(); got != want {
			t.Errorf("got: %s\nwant: %s", got, want)
		}
	}
}
