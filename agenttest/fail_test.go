// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/agenttest"
)

const defaultStrategy = `{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.001}}`

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		fault  agenttest.Fault
		want   reply
		failed int
	}{
		{"Status", agenttest.Status(429, http.Header{"Retry-After": {"1"}}, "slow down"), reply{429, "slow down"}, 1},
		{"Redirect", agenttest.Redirect(307, "/elsewhere"), reply{307, ""}, 1},
		{"Delay", agenttest.Delay(time.Millisecond), reply{200, defaultStrategy}, 0},
		{"SlowBody", agenttest.SlowBody(20, time.Microsecond), reply{200, defaultStrategy}, 0},
		{"", agenttest.Fault{}, reply{200, defaultStrategy}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := agenttest.NewConfigServer(t)
			c.Fail(1, test.fault)
			if got := get(t, c.SamplingURL()+"?service=s"); got != test.want {
				t.Errorf("answer\ngot  %+v\nwant %+v", got, test.want)
			}
			r := c.Requests()[0]
			if r.Fault != test.name || test.fault.String() != test.name || r.Status != test.want.status || c.Failed() != test.failed {
				t.Errorf("got fault %q, status %d, %d failed, want %q, %d, %d", r.Fault, r.Status, c.Failed(), test.name, test.want.status, test.failed)
			}
			if got, want := get(t, c.SamplingURL()+"?service=s"), (reply{200, defaultStrategy}); got != want {
				t.Errorf("answer after the fault\ngot  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestFaultHeaders(t *testing.T) {
	t.Parallel()
	c := agenttest.NewCollector(t)
	header := http.Header{"Retry-After": {"1"}, "X-Two": {"a", "b"}}
	c.Fail(1, agenttest.Status(503, header, ""))
	c.Fail(1, agenttest.Redirect(302, "http://127.0.0.1:1/x"))
	header.Set("Retry-After", "changed later")
	for _, want := range []http.Header{{"Retry-After": {"1"}, "X-Two": {"a", "b"}}, {"Location": {"http://127.0.0.1:1/x"}}} {
		response, err := client(t).Post(c.Endpoint(), "application/x-thrift", nil)
		must(t, err)
		must(t, response.Body.Close())
		for key := range want {
			if got, want := strings.Join(response.Header.Values(key), "|"), strings.Join(want[key], "|"); got != want {
				t.Errorf("%s: got %q, want %q", key, got, want)
			}
		}
	}
}

func TestGarbage(t *testing.T) {
	t.Parallel()
	c := agenttest.NewConfigServer(t)
	c.Fail(1, agenttest.Garbage())
	if got := get(t, c.SamplingURL()+"?service=s"); got.status != 200 || !strings.Contains(got.body, "\x00\x01\xfe\xff") {
		t.Errorf("answer: got %+v, want 200 and bytes that are no JSON", got)
	}
}

// A collector that trickles its answer has taken the spans.
func TestSlowBodyOfCollector(t *testing.T) {
	t.Parallel()
	c := agenttest.NewCollector(t)
	c.Fail(1, agenttest.SlowBody(512, time.Microsecond))
	got, err := do(t, client(t), "POST", c.Endpoint(), bodyOf(t, batchOf(1, "op")), thriftType)
	must(t, err)
	if got.status != 202 || got.body != strings.Repeat(" ", 1024) || c.SpanCount() != 1 {
		t.Errorf("got %+v and %d spans, want 202, 1,024 blanks and a span", got, c.SpanCount())
	}
}

func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault agenttest.Fault
		reset bool
	}{
		{agenttest.CloseConnection(), true},
		{agenttest.Raw(""), false},
		{agenttest.Raw("\x00\x01 this is not HTTP\r\n\r\n"), false},
	} {
		for _, secure := range []bool{false, true} {
			t.Run(test.fault.String(), func(t *testing.T) {
				t.Parallel()
				var opts []agenttest.Option
				if secure {
					opts = append(opts, agenttest.WithTLS())
				}
				c := agenttest.NewCollector(t, opts...)
				c.Fail(1, test.fault)
				h := client(t)
				if secure {
					h = trusting(t, c.CA().PEM())
				}
				got, err := do(t, h, "POST", c.Endpoint(), bodyOf(t, batchOf(1, "op")), thriftType)
				if err == nil || test.reset && !errors.Is(err, syscall.ECONNRESET) {
					t.Errorf("got %+v, error %v, want an error, of a reset: %v", got, err, test.reset)
				}
				if c.SpanCount() != 0 || c.Failed() != 1 {
					t.Errorf("got %d spans, %d failed, want 0 and 1", c.SpanCount(), c.Failed())
				}
			})
		}
	}
}

func TestEndlessUntilClientGoes(t *testing.T) {
	t.Parallel()
	c := agenttest.NewConfigServer(t)
	c.Fail(-1, agenttest.Endless())
	response, err := client(t).Get(c.SamplingURL() + "?service=s")
	must(t, err)
	n, err := io.CopyN(io.Discard, response.Body, 4<<20)
	must(t, err)
	if n != 4<<20 {
		t.Errorf("read: got %d bytes, want %d", n, 4<<20)
	}
	must(t, response.Body.Close())
}

func TestHangUntilClientGoes(t *testing.T) {
	t.Parallel()
	c := agenttest.NewCollector(t)
	c.Fail(1, agenttest.Hang())
	ctx, cancel := context.WithCancel(testContext(t))
	r, err := http.NewRequestWithContext(ctx, "POST", c.Endpoint(), strings.NewReader("x"))
	must(t, err)
	h, hung := client(t), make(chan error, 1)
	go func() {
		response, err := h.Do(r)
		if err == nil {
			_ = response.Body.Close()
		}
		hung <- err
	}()
	requests, err := c.WaitRequests(testContext(t), 1)
	must(t, err)
	if got := requests[0]; got.Fault != "Hang" || got.Status != 0 {
		t.Errorf("request: got %+v, want one that hangs", got)
	}
	cancel()
	if err := <-hung; !errors.Is(err, context.Canceled) {
		t.Errorf("error: got %v, want context.Canceled", err)
	}
}

// Close ends requests in every kind of fault, and the exchange with a client that neither sends nor reads.
func TestCloseWhileRequestsHang(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault  agenttest.Fault
		begins bool // to answer
	}{
		{agenttest.Hang(), false},
		{agenttest.Endless(), true},
		{agenttest.Delay(time.Hour), false},
		{agenttest.SlowBody(1, time.Hour), true},
		{agenttest.Raw(strings.Repeat("x", 16<<20)), true},
	} {
		for _, secure := range []bool{false, true} {
			t.Run(test.fault.String(), func(t *testing.T) {
				t.Parallel()
				var opts []agenttest.Option
				if secure {
					opts = append(opts, agenttest.WithTLS())
				}
				c := agenttest.NewConfigServer(t, opts...)
				c.Fail(-1, test.fault)
				conn := dialHTTP(t, c.Addr(), c.CA())
				// The second request hides from net/http that the connection is closed.
				_, err := io.WriteString(conn, strings.Repeat("GET /sampling?service=s HTTP/1.1\r\nHost: x\r\n\r\n", 2))
				must(t, err)
				idle, err := net.Dial("tcp", c.Addr())
				must(t, err)
				defer idle.Close()
				_, err = c.WaitRequests(testContext(t), 1)
				must(t, err)
				if test.begins {
					_, err := io.ReadFull(conn, make([]byte, 1))
					must(t, err)
				}
				waiting := make(chan error, 1)
				go func() { waiting <- c.Wait(context.Background(), func() bool { return false }) }()
				for range 2 {
					must(t, c.Close())
				}
				if err := <-waiting; err == nil || err.Error() != "the config server is closed" {
					t.Errorf("Wait across Close: got %v, want that the config server is closed", err)
				}
				if _, err := net.Dial("tcp", c.Addr()); !errors.Is(err, syscall.ECONNREFUSED) {
					t.Errorf("dial after Close: got %v, want refused", err)
				}
			})
		}
	}
}

func TestFailPlan(t *testing.T) {
	t.Parallel()
	c := agenttest.NewConfigServer(t)
	c.SetCredits("", "", 0)
	status := func(code int) agenttest.Fault { return agenttest.Status(code, nil, "") }
	step := func(path string, want int) {
		t.Helper()
		if got := get(t, c.URL()+path+"?service=s"); got.status != want {
			t.Errorf("%s: got status %d, want %d", path, got.status, want)
		}
	}
	c.Fail(0, status(500))
	step("/sampling", 200)

	c.Fail(2, status(500))
	c.Fail(1, status(501))
	c.Fail(1, status(502).On("/credits"))
	step("/credits", 502)
	step("/credits", 500)
	for _, want := range []int{500, 501, 200} {
		step("/sampling", want)
	}

	c.Fail(-1, status(503))
	step("/sampling", 503)
	step("/sampling", 503)
	c.Fail(1, status(504)) // ends the one without end
	step("/sampling", 504)
	step("/sampling", 200)

	c.Fail(-1, status(505))
	c.Fail(-1, status(506).On("/credits"))
	c.ClearFaults()
	step("/sampling", 200)
	step("/credits", 200)
}

// Clients that keep their connection go on with it after an ordinary fault.
func TestFaultKeepsConnection(t *testing.T) {
	t.Parallel()
	c := agenttest.NewConfigServer(t)
	c.Fail(1, agenttest.Status(500, nil, "oops"))
	conn := dialHTTP(t, c.Addr(), nil)
	answers := bufio.NewReader(conn)
	for _, want := range []int{500, 200} {
		_, err := io.WriteString(conn, "GET /?service=s HTTP/1.1\r\nHost: x\r\n\r\n")
		must(t, err)
		response, err := http.ReadResponse(answers, nil)
		must(t, err)
		_, err = io.Copy(io.Discard, response.Body)
		must(t, err)
		if response.StatusCode != want {
			t.Errorf("status: got %d, want %d", response.StatusCode, want)
		}
	}
	if requests := c.Requests(); requests[0].Remote != requests[1].Remote {
		t.Errorf("remotes: got %s and %s, want the same", requests[0].Remote, requests[1].Remote)
	}
}
