// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// parseEndpoint reads the URL of a collector. Errors do not repeat a password.
func parseEndpoint(raw, defaultPath string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		var e *url.Error
		if errors.As(err, &e) {
			err = e.Err
		}
		if strings.Contains(raw, "@") {
			err = errors.New("malformed") // the reason may quote the password
		}
		return nil, fmt.Errorf("url %s: %w", hidden(raw), err)
	}
	port, _ := strconv.Atoi(u.Port())
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("url %s: want http://host:port or https://host:port", hidden(raw))
	case u.Hostname() == "":
		return nil, fmt.Errorf("url %s: no host, want http://host:port or https://host:port", hidden(raw))
	case u.Port() != "" && (port < 1 || port > 65535):
		return nil, fmt.Errorf("url %s: port %q, want 1 to 65535", hidden(raw), u.Port())
	}
	if u.Path == "" || u.Path == "/" {
		u.Path, u.RawPath = defaultPath, ""
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// hidden quotes a URL without what stands before a host.
func hidden(raw string) string {
	if at := strings.LastIndexByte(raw, '@'); at >= 0 {
		scheme, _, ok := strings.Cut(raw[:at], "://")
		if !ok || strings.Contains(scheme, ":") {
			return quoteShort("..."+raw[at:], 128)
		}
		raw = scheme + "://..." + raw[at:]
	}
	return quoteShort(raw, 128)
}
