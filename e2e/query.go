// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Query asks Jaeger's query service (the JSON API on 16686 elsewhere) what it has. A span that has left its program is
// not there at once, so every question is repeated until the answer is the expected one or ctx ends.
type Query struct {
	base string
}

// Find polls /api/traces?service= until ok accepts the traces in which the service has a span. When ctx ends first, the
// error is ok's last one.
func (q *Query) Find(ctx context.Context, service string, ok func([]Trace) error) ([]Trace, error) {
	path := "/api/traces?limit=1000&service=" + url.QueryEscape(service)
	return until(ctx, q.base+path, func(traces []Trace) error {
		if len(traces) == 0 {
			return fmt.Errorf("service %q has no trace yet", service)
		}
		return ok(traces)
	})
}

// Trace polls /api/traces/{id} until ok accepts the trace; until there is one, ok is not asked.
func (q *Query) Trace(ctx context.Context, id string, ok func(Trace) error) (Trace, error) {
	traces, err := until(ctx, q.base+"/api/traces/"+url.PathEscape(id), func(traces []Trace) error {
		if len(traces) != 1 {
			return fmt.Errorf("trace %q: %d found", id, len(traces))
		}
		return ok(traces[0])
	})
	if err != nil {
		return Trace{}, err
	}
	return traces[0], nil
}

// Services polls /api/services until every one of want is in the list.
func (q *Query) Services(ctx context.Context, want ...string) ([]string, error) {
	return until(ctx, q.base+"/api/services", func(services []string) error {
		for _, w := range want {
			if !slices.Contains(services, w) {
				return fmt.Errorf("service %q is not among %q", w, services)
			}
		}
		return nil
	})
}

// until repeats a question. A 404 is an answer that is not there yet; any other status ends the matter.
func until[T any](ctx context.Context, url string, ok func([]T) error) ([]T, error) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	var last error
	for {
		items, err := ask[T](ctx, url)
		if err == nil {
			err = ok(items)
		} else if status := (*statusError)(nil); errors.As(err, &status) && status.code != http.StatusNotFound {
			return nil, err
		}
		if err == nil {
			return items, nil
		}
		if ctx.Err() == nil || last == nil {
			last = err // not the error of the request that ctx cut off
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%s: %w: %w", url, context.Cause(ctx), last)
		case <-tick.C:
		}
	}
}

// ask gets one page and opens its envelope. Numbers stay as they are written: an int64 does not fit a float64.
func ask[T any](ctx context.Context, url string) ([]T, error) {
	body, err := get(ctx, url)
	if err != nil {
		return nil, err
	}
	var page struct {
		Data   []T             `json:"data"`
		Errors json.RawMessage `json:"errors"`
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&page); err != nil {
		return nil, fmt.Errorf("decode %s: %w", url, err)
	}
	if len(page.Errors) > 0 && string(page.Errors) != "null" {
		return nil, fmt.Errorf("%s reports errors: %s", url, page.Errors)
	}
	return page.Data, nil
}
