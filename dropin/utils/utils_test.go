// SPDX-License-Identifier: Apache-2.0

package utils_test

import (
	"errors"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uber/jaeger-client-go/utils"
)

func TestParseIPToUint32(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, ip string
		want     uint32
		err      error // nil: any, where want is 0 and ip not 0.0.0.0
	}{
		{"loopback", "127.0.0.1", 0x7f000001, nil},
		{"localhost", "localhost", 0x7f000001, nil},
		{"largest", "255.255.255.255", math.MaxUint32, nil},
		{"empty", "", 0, utils.ErrEmptyIP},
		{"three numbers", "1.2.3", 0, utils.ErrNotFourOctets},
		{"five numbers", "1.2.3.4.5", 0, utils.ErrNotFourOctets},
		{"ipv6", "::1", 0, utils.ErrNotFourOctets},
		{"not a number", "1.2.x.4", 0, nil},
		{"too large", "1.2.3.256", 0, nil},
		{"negative", "1.2.3.-4", 0, nil},
	} {
		got, err := utils.ParseIPToUint32(test.ip)
		switch {
		case got != test.want || (err != nil) != (test.want == 0):
			t.Errorf("%s: got %#x %v, want %#x", test.name, got, err, test.want)
		case test.err != nil && !errors.Is(err, test.err):
			t.Errorf("%s: got %v, want %v", test.name, err, test.err)
		}
	}
}

func FuzzParseIPToUint32(f *testing.F) {
	for _, s := range []string{"", "localhost", "1.2.3.4", "1.2.3", "256.1.1.1", "::ffff:1.2.3.4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := utils.ParseIPToUint32(s)
		if err != nil || s == "localhost" {
			return
		}
		text := net.IPv4(byte(got>>24), byte(got>>16), byte(got>>8), byte(got)).String()
		if again, err := utils.ParseIPToUint32(text); err != nil || again != got {
			t.Errorf("%q: got %#x, and %#x %v for %q", s, got, again, err, text)
		}
	})
}

func TestParsePort(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		port string
		want uint16
		ok   bool
	}{{"0", 0, true}, {"65535", 65535, true}, {"65536", 0, false}, {"", 0, false}, {"-1", 0, false}, {"http", 0, false}} {
		if got, err := utils.ParsePort(test.port); got != test.want || (err == nil) != test.ok {
			t.Errorf("%q: got %d %v, want %d %t", test.port, got, err, test.want, test.ok)
		}
	}
}

func TestPackIPAsUint32(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ip   net.IP
		want uint32
	}{{net.IPv4(1, 2, 3, 4), 0x01020304}, {net.ParseIP("::1"), 0}, {nil, 0}, {net.IP{1, 2}, 0}} {
		if got := utils.PackIPAsUint32(test.ip); got != test.want {
			t.Errorf("%v: got %#x, want %#x", test.ip, got, test.want)
		}
	}
}

func TestHostIP(t *testing.T) {
	t.Parallel()
	ip, err := utils.HostIP()
	if err != nil || ip == nil {
		t.Fatalf("got %v %v, want an address", ip, err)
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	if got := utils.TimeToMicrosecondsSinceEpochInt64(time.Unix(1, 2999)); got != 1000002 {
		t.Errorf("got %d, want 1000002", got)
	}
}

func TestNewRand(t *testing.T) {
	t.Parallel()
	a, b := utils.NewRand(7), utils.NewRand(7)
	if x, y := a.Int63(), b.Int63(); x != y {
		t.Errorf("one seed: got %d and %d", x, y)
	}
	a.Seed(1)
	var wait sync.WaitGroup
	for range 4 {
		wait.Add(1)
		go func() { defer wait.Done(); _ = a.Uint64() + uint64(a.Int63()) }()
	}
	wait.Wait()
}

func TestReadJSON(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bad":
			http.Error(w, strings.Repeat("x", 1<<20), http.StatusTeapot)
		case "/cut":
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"a":`))
		default:
			_, _ = w.Write([]byte(`{"a":1}`))
		}
	}))
	defer server.Close()
	var got struct{ A int }
	if err := utils.GetJSON(server.URL, &got); err != nil || got.A != 1 {
		t.Errorf("got %v %v, want a=1", got, err)
	}
	if err := utils.GetJSON(server.URL, nil); err != nil {
		t.Errorf("without a target: %v", err)
	}
	err := utils.GetJSON(server.URL+"/bad", &got)
	if err == nil || !strings.Contains(err.Error(), "418") || len(err.Error()) > 5000 {
		t.Errorf("got %.100v, want a short error with 418", err)
	}
	if err := utils.GetJSON(server.URL+"/cut", &got); err == nil {
		t.Error("cut answer: got no error")
	}
	if err := utils.GetJSON("http://127.0.0.1:0/", nil); err == nil {
		t.Error("nobody there: got no error")
	}
}
