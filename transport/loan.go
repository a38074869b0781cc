// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"errors"
	"io"
	"sync"
)

// loan gives an HTTP client a body to read that is taken back when the try is
// over: net/http may go on reading behind an early answer, and the memory is
// used for the next body. Readers are safe from any goroutine.
type loan struct {
	mu   sync.Mutex
	body []byte
	over bool
}

var errLoanOver = errors.New("the request is over")

func (l *loan) reader() io.ReadCloser { return &borrowed{loan: l} }

// again is http.Request.GetBody.
func (l *loan) again() (io.ReadCloser, error) { return l.reader(), nil }

func (l *loan) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.body, l.over = nil, true
}

// borrowed reads a loan from its start.
type borrowed struct {
	loan   *loan
	at     int
	closed bool
}

func (b *borrowed) Read(p []byte) (int, error) {
	b.loan.mu.Lock()
	defer b.loan.mu.Unlock()
	switch {
	case b.loan.over || b.closed:
		return 0, errLoanOver
	case b.at == len(b.loan.body):
		return 0, io.EOF
	}
	n := copy(p, b.loan.body[b.at:])
	b.at += n
	return n, nil
}

func (b *borrowed) Close() error {
	b.loan.mu.Lock()
	defer b.loan.mu.Unlock()
	b.closed = true
	return nil
}
