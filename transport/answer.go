// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	drainBytes   = 64 << 10 // of a body; what is longer costs the connection
	quoteBytes   = 256      // of an error body
	maxRedirects = 5
)

// judge reads an answer to its end, within bounds, and says what it means: only
// 2xx is a success. Worth another try are 429 and what a server or a proxy says
// of its own state, 500, 502, 503, 504 and the unregistered 5xx. Not so the
// refusals among the 5xx, which will be the same next time, and all other 4xx.
func (p *post) judge(res *http.Response) *failure {
	defer res.Body.Close()
	code := res.StatusCode
	var start bytes.Buffer
	_, _ = io.CopyN(&start, res.Body, quoteBytes+1)
	_, _ = io.CopyN(io.Discard, res.Body, drainBytes)
	if code/100 == 2 {
		return nil
	}
	err := fmt.Errorf("status %d %s", code, http.StatusText(code))
	if text := bytes.TrimSpace(start.Bytes()); len(text) > 0 {
		err = fmt.Errorf("%w: %s", err, quoteShort(string(text), quoteBytes))
	}
	bad := &failure{err: err, final: true}
	switch {
	case code/100 == 3:
		bad.err = redirected(code, res.Header.Get("Location"))
	case code == http.StatusRequestEntityTooLarge:
		bad.tooLarge = true
	case code == http.StatusTooManyRequests || code/100 == 5 && !refusal[code]:
		bad.final = false
		bad.after = retryAfter(res.Header, p.now())
	}
	return bad
}

// refusal are the 5xx that do not pass.
var refusal = map[int]bool{
	http.StatusNotImplemented: true, http.StatusHTTPVersionNotSupported: true, http.StatusVariantAlsoNegotiates: true,
	http.StatusLoopDetected: true, http.StatusNotExtended: true, http.StatusNetworkAuthenticationRequired: true,
}

func redirected(code int, location string) error {
	if code != http.StatusMovedPermanently && code != http.StatusFound && code != http.StatusSeeOther || location == "" {
		return fmt.Errorf("status %d %s, Location %s", code, http.StatusText(code), quoteShort(location, quoteBytes))
	}
	return fmt.Errorf("redirected with %d to %s: following it would turn the POST into a GET, set that URL instead",
		code, quoteShort(location, quoteBytes))
}

// unanswered says what an error of the HTTP client means. The URL it names is
// left out: its query may be secret.
func (p *post) unanswered(ctx context.Context, err error) *failure {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &failure{err: fmt.Errorf("no answer within %v", p.timeout)}
	}
	if text := err.Error(); len(text) > 2*quoteBytes {
		// net/http quotes what a server sent in place of an answer.
		err = errors.New(cutText(text, 2*quoteBytes) + "...")
	}
	var cert *tls.CertificateVerificationError
	final := errors.Is(err, errRedirects) || errors.Is(err, errDowngrade) || errors.Is(err, http.ErrSchemeMismatch) ||
		errors.As(err, &cert)
	return &failure{err: err, final: final}
}

var (
	errRedirects = fmt.Errorf("more than %d redirects", maxRedirects)
	errDowngrade = errors.New("redirected from https to http: spans are not sent in the clear")
)

// follow decides about a redirect, as http.Client.CheckRedirect. 307 and 308
// keep the POST and its body. To another origin go neither the credentials nor
// the user's headers; net/http itself keeps them for another port of one host.
func (p *post) follow(req *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case req.Method != first.Method:
		return http.ErrUseLastResponse
	case len(via) > maxRedirects:
		return errRedirects
	case first.URL.Scheme == "https" && req.URL.Scheme != "https":
		return errDowngrade
	}
	req.Header.Del("Referer") // it would tell the query
	if req.URL.Scheme != first.URL.Scheme || !strings.EqualFold(req.URL.Host, first.URL.Host) {
		for name := range req.Header {
			switch name {
			case "Content-Type", "Content-Encoding", "User-Agent":
			default:
				delete(req.Header, name)
			}
		}
		req.URL.User = nil // the redirect's own, which net/http would send
	}
	return nil
}

// retryAfter reads both forms of Retry-After, 0 where there is none. A date
// counts from the Date of the answer, so that clocks need not agree.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	const most = time.Hour
	if seconds, err := strconv.ParseUint(v, 10, 64); err == nil {
		return time.Duration(min(seconds, uint64(most/time.Second))) * time.Second
	} else if errors.Is(err, strconv.ErrRange) {
		return most
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(at.Sub(now), 0), most)
}

// quoteShort quotes what may be long and may not be text, up to n bytes of it.
func quoteShort(s string, n int) string {
	if len(s) <= n {
		return strconv.Quote(s)
	}
	return strconv.Quote(cutText(s, n)) + "..."
}
