// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/jaegerkit/jaeger/transport"
)

// address is a place for a host and a port given together.
type address struct {
	host *string
	port *int
}

var (
	host = scalar("a host name or an IP address, without a port", parseHost, same)
	port = scalar("a port from 1 to 65535, or 0 for the default", parsePort, strconv.Itoa)
	// hostPort keeps what was left out left out: only when the tracer is built is the
	// agent's host known.
	hostPort  = scalar("host:port, host or :port", parseHostPort, same)
	serverURL = scalar("an absolute http or https URL, host:port, host or :port", parseServerURL, same)
	endpoint  = scalar("an absolute http or https URL", parseEndpoint, same)
	// headerName is lower case, because carriers are read in lower case.
	headerName = scalar("a header name of letters, digits and -_.~!#$%&'*+^`|", parseHeaderName, same)
)

// portOnly writes a port, without a host, to a field of kind hostPort or serverURL.
var portOnly = kind{
	want: port.want,
	set: func(field any, s string) error {
		p, err := parsePort(strings.TrimSpace(s))
		if err == nil && p != 0 {
			*field.(*string) = ":" + strconv.Itoa(p)
		}
		return err
	},
}

var agentAddress = kind{
	want: hostPort.want,
	set: func(field any, s string) error {
		h, p, err := splitHostPort(strings.TrimSpace(s))
		if err == nil {
			*field.(address).host, *field.(address).port = h, p
		}
		return err
	},
}

func parseHost(s string) (string, error) {
	if addr, ok := strings.CutPrefix(s, "["); ok {
		s = strings.TrimSuffix(addr, "]")
		if !strings.Contains(s, ":") {
			return "", errPlain
		}
	}
	if strings.Contains(s, ":") {
		if _, err := netip.ParseAddr(s); err != nil {
			return "", errPlain
		}
	}
	for _, r := range s {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("-._:%", r) {
			continue
		}
		return "", errPlain
	}
	// As the transport and the resolvers have it, a name does not end in a number.
	if _, err := netip.ParseAddr(s); err != nil && strings.Trim(last(s), "0123456789") == "" && last(s) != "" {
		return "", errors.New("numbers that are no IP address")
	}
	if len(s) == 0 || len(s) > 253 || strings.Contains(s, "%") && !strings.Contains(s, ":") {
		return "", errPlain
	}
	return s, nil
}

func parsePort(s string) (int, error) {
	p, err := strconv.Atoi(s)
	switch {
	case strings.HasPrefix(s, "tcp://") || strings.HasPrefix(s, "udp://"):
		return 0, errors.New("such variables are set by Kubernetes for a service named like them: " +
			"put enableServiceLinks: false into the pod's spec, or set the port yourself")
	case err != nil || p < 0 || p > 65535:
		return 0, errPlain
	}
	return p, nil
}

// splitHostPort reads host:port, host, :port, [v6]:port, [v6] and v6; what is left out is
// "" or 0.
func splitHostPort(s string) (string, int, error) {
	h, p := s, ""
	switch colon := strings.LastIndexByte(s, ':'); {
	case strings.Contains(s, "://"):
		return "", 0, errors.New("it has a scheme")
	case strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]"), colon < 0:
	case strings.HasPrefix(s, "["), strings.Count(s, ":") == 1:
		h, p = s[:colon], s[colon+1:]
		if strings.HasPrefix(h, "[") && !strings.HasSuffix(h, "]") {
			return "", 0, errPlain
		}
		if n, err := parsePort(p); err != nil || n == 0 {
			return "", 0, errPlain
		}
	}
	n, _ := strconv.Atoi(p)
	if h == "" && p != "" {
		return "", n, nil
	}
	h, err := parseHost(h)
	return h, n, err
}

func parseHostPort(s string) (string, error) {
	h, p, err := splitHostPort(s)
	switch {
	case err != nil:
		return "", err
	case p == 0:
		return h, nil
	}
	return joinHostPort(h, p), nil
}

func joinHostPort(host string, port int) string {
	return net.JoinHostPort(host, strconv.Itoa(port))
}

func parseServerURL(s string) (string, error) {
	if strings.Contains(s, "://") {
		return parseURL(s)
	}
	return parseHostPort(s)
}

func parseURL(s string) (string, error) {
	s, err := plain(s)
	if err != nil {
		return "", err
	}
	// The error of url.Parse would show the password.
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return "", errPlain
	}
	if p, err := parsePort("0" + u.Port()); err != nil || p == 0 && u.Port() != "" {
		return "", errPlain
	}
	return s, nil
}

// parseEndpoint takes what the transports take: they have a say about the user in a URL.
func parseEndpoint(s string) (string, error) {
	s, err := parseURL(s)
	if err != nil {
		return "", err
	}
	if _, err := transport.NewHTTP(s); err != nil { // it connects to nothing
		return "", errPlain
	}
	return s, nil
}

// parseHeaderName takes a token, RFC 9110 section 5.6.2.
func parseHeaderName(s string) (string, error) {
	s = strings.ToLower(s)
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0 {
			continue
		}
		return "", errPlain
	}
	if s == "" || len(s) > 256 {
		return "", errPlain
	}
	return s, nil
}

// redact hides what may be a secret in a URL, or in what should have been one: the
// password, the user where it stands alone, and query values with a telling name.
func redact(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		if at := strings.LastIndexByte(s, '@'); at >= 0 {
			start := 0
			if i := strings.Index(s, "://"); i >= 0 && i < at {
				start = i + len("://")
			}
			s = s[:start] + mask + s[at:]
		}
		if before, query, ok := strings.Cut(s, "?"); ok {
			s = before + "?" + redactQuery(query)
		}
		return s
	}
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), mask)
	} else if u.User != nil {
		u.User = url.User(mask)
	}
	u.RawQuery = redactQuery(u.RawQuery)
	return u.String()
}

func redactQuery(query string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		for _, telling := range []string{"token", "key", "secret", "pass", "auth", "sig"} {
			if value != "" && strings.Contains(strings.ToLower(name), telling) {
				pairs[i] = name + "=" + mask
			}
		}
	}
	return strings.Join(pairs, "&")
}
