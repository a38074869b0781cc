// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// post delivers bodies to one URL, each with as many tries as its budget of time
// allows. One goroutine calls send; close may come from another.
type post struct {
	url     *url.URL // without user and password
	header  http.Header
	client  *http.Client
	timeout time.Duration // of one try
	budget  time.Duration // after which no further try begins
	zip     *gzip.Writer  // nil for bodies as they are
	zipped  bytes.Buffer
	log     *quiet

	closing context.Context
	cancel  context.CancelFunc
	idle    func() // closes idle connections; nothing where they are the user's

	// A test has its own.
	now    func() time.Time
	sleep  func(ctx context.Context, d time.Duration)
	jitter func(n int64) int64 // 0 to n-1
}

const (
	defaultTimeout = 5 * time.Second
	defaultBudget  = 30 * time.Second
	firstPause     = 250 * time.Millisecond
	longestPause   = 8 * time.Second
	drainTime      = 500 * time.Millisecond // for what follows the headers of an answer
)

// failure is what one try came to. It is an error of its own so that what is
// done about it is decided where it is known.
type failure struct {
	err      error
	final    bool          // another try would fare no better
	tooLarge bool          // the body is; final, too
	after    time.Duration // what the collector asked to wait
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// send posts body until the collector takes it, refuses it for good, the budget
// is used up, ctx ends or the transport is closed. body is the caller's again
// when it returns. The pause before each further try is random, between nothing
// and twice as much as before the last one: clients that failed together must
// not come back together.
func (p *post) send(ctx context.Context, body []byte) error {
	if p.zip != nil {
		body = p.compress(body)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.closing, cancel)()
	began := p.now()
	var last error
	for try := 1; ; try++ {
		var bad *failure
		if p.closing.Err() == nil && ctx.Err() == nil {
			if bad = p.try(ctx, body); bad == nil {
				p.afterClose()
				return nil
			}
		}
		switch {
		case p.closing.Err() != nil:
			p.afterClose()
			return ErrClosed
		case ctx.Err() != nil && last != nil:
			return fmt.Errorf("%s: %w, after %w", p.where(), context.Cause(ctx), last)
		case ctx.Err() != nil:
			return fmt.Errorf("%s: %w", p.where(), context.Cause(ctx))
		}
		last = bad
		left := p.budget - p.now().Sub(began)
		if bad.final || left <= 0 {
			p.log.warn("spans cannot be sent", slog.String("url", p.where()), slog.Int("tries", try), slog.Any("error", bad))
			return fmt.Errorf("%s: gave up after %s: %w", p.where(), tries(try), bad)
		}
		ceiling := min(firstPause<<min(try-1, 10), longestPause)
		wait := min(bad.after+time.Duration(p.jitter(int64(ceiling))), left)
		p.log.warn("spans cannot be sent now, they are kept for another try",
			slog.String("url", p.where()), slog.Duration("pause", wait), slog.Any("error", bad))
		p.sleep(ctx, wait)
	}
}

// try posts body once. It returns nil if the collector took it.
func (p *post) try(ctx context.Context, body []byte) *failure {
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	l := &loan{body: body}
	defer l.end()
	req := &http.Request{
		Method: http.MethodPost, URL: p.url, Host: p.header.Get("Host"), Header: p.header.Clone(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		ContentLength: int64(len(body)), Body: l.reader(), GetBody: l.again,
	}
	req.Header.Del("Host")
	res, err := p.client.Do(req.WithContext(ctx))
	if err != nil {
		return p.unanswered(ctx, err)
	}
	defer time.AfterFunc(drainTime, cancel).Stop()
	return p.judge(res)
}

// compress returns body in gzip, in memory of its own.
func (p *post) compress(body []byte) []byte {
	if p.zipped.Cap() > keepRequest {
		p.zipped = bytes.Buffer{}
	}
	p.zipped.Reset()
	p.zip.Reset(&p.zipped)
	// A bytes.Buffer gives no error.
	_, _ = p.zip.Write(body)
	_ = p.zip.Close()
	return p.zipped.Bytes()
}

// where names the collector without what may be secret in its URL.
func (p *post) where() string { return p.url.Scheme + "://" + p.url.Host + p.url.EscapedPath() }

// close ends a send that runs and the connections.
func (p *post) close() error {
	if p.cancel != nil {
		p.cancel()
		p.idle()
	}
	return nil
}

// afterClose closes the connection of a try that ended while close ran.
func (p *post) afterClose() {
	if p.closing.Err() != nil {
		p.idle()
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

func tries(n int) string {
	if n == 1 {
		return "1 try"
	}
	return strconv.Itoa(n) + " tries"
}
