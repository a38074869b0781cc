// SPDX-License-Identifier: Apache-2.0

package rpcmetrics

import (
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
)

// request observes one span, called by the goroutines that use it.
type request struct {
	observer *Observer
	start    time.Time

	mu        sync.Mutex // guards what is below, for as long as a field takes to write
	operation string
	status    int
	server    bool
	failed    bool
	finished  bool
}

func (r *request) OnSetOperationName(name string) {
	r.mu.Lock()
	r.operation = name
	r.mu.Unlock()
}

func (r *request) OnSetTag(key string, value any) {
	switch key {
	case spanKind, statusCode, failure:
		r.mu.Lock()
		r.tag(key, value)
		r.mu.Unlock()
	}
}

// OnFinish counts the request, the first time it is called.
func (r *request) OnFinish(o opentracing.FinishOptions) {
	r.mu.Lock()
	operation, status, failed := r.operation, r.status, r.failed
	counts := r.server && operation != "" && !r.finished
	r.finished = true
	r.mu.Unlock()
	if !counts {
		return
	}
	end := o.FinishTime
	if end.IsZero() {
		end = time.Now()
	}
	r.observer.endpoint(operation).count(failed, max(end.Sub(r.start), 0), status)
}

const (
	spanKind   = "span.kind"
	statusCode = "http.status_code"
	failure    = "error"
)

// tag takes a value of any type whose kind makes sense; others change nothing.
// No method of the value is called.
func (r *request) tag(key string, value any) {
	switch key {
	case spanKind:
		if v := reflect.ValueOf(value); v.Kind() == reflect.String {
			r.server = v.String() == string(ext.SpanKindRPCServerEnum)
		}
	case statusCode:
		if code, ok := toInt(reflect.ValueOf(value)); ok {
			r.status = code
		}
	case failure:
		switch v := reflect.ValueOf(value); v.Kind() {
		case reflect.Bool:
			r.failed = v.Bool()
		case reflect.String:
			if failed, err := strconv.ParseBool(v.String()); err == nil {
				r.failed = failed
			}
		}
	}
}

// toInt reads a status code, which fits 16 bits.
func toInt(v reflect.Value) (int, bool) {
	switch {
	case v.CanInt():
		n := v.Int()
		return int(n), n >= 0 && n <= 0xffff
	case v.CanUint():
		n := v.Uint()
		return int(n), n <= 0xffff
	case v.Kind() == reflect.String:
		n, err := strconv.ParseUint(v.String(), 10, 16)
		return int(n), err == nil
	}
	return 0, false
}
