// SPDX-License-Identifier: Apache-2.0

package utils

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	maxErrorBody = 4 << 10  // bytes quoted in an error
	maxBody      = 16 << 20 // bytes read
)

// jsonClient, unlike the default one, neither waits for ever nor keeps
// connections to a server that is asked once.
var jsonClient = &http.Client{
	Timeout:   10 * time.Second,
	Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
}

// GetJSON reads the JSON at url into out, for at most 10 seconds.
func GetJSON(url string, out interface{}) error {
	resp, err := jsonClient.Get(url)
	if err != nil {
		return err
	}
	return ReadJSON(resp, out)
}

// ReadJSON reads an answer's JSON into out, or past it where out is nil, at most
// 16 MiB of it, and closes the body. A status of 400 or more is an error that
// quotes what came.
func ReadJSON(resp *http.Response, out interface{}) error {
	defer resp.Body.Close()
	if resp.StatusCode >= 400 {
		body, err := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
		if err != nil {
			return fmt.Errorf("status code %d: %w", resp.StatusCode, err)
		}
		return fmt.Errorf("status code %d, body %q", resp.StatusCode, body)
	}
	body := io.LimitReader(resp.Body, maxBody)
	if out == nil {
		_, err := io.Copy(io.Discard, body)
		return err
	}
	return json.NewDecoder(body).Decode(out)
}
