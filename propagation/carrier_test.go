// SPDX-License-Identifier: Apache-2.0

package propagation_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/opentracing/opentracing-go"
)

func TestInvalidCarriers(t *testing.T) {
	t.Parallel()
	var nilReader *reader
	var nilFunc readerFunc
	for format, p := range all() {
		for _, test := range []struct {
			name            string
			carrier         any
			inject, extract error
		}{
			{"nil", nil, opentracing.ErrInvalidCarrier, opentracing.ErrInvalidCarrier},
			{"string", "x", opentracing.ErrInvalidCarrier, opentracing.ErrInvalidCarrier},
			{"plain map", map[string]string{}, opentracing.ErrInvalidCarrier, opentracing.ErrInvalidCarrier},
			{"pointer to header", &http.Header{}, nil, opentracing.ErrInvalidCarrier},
			{"nil pointer to header", (*http.Header)(nil), opentracing.ErrInvalidCarrier, opentracing.ErrInvalidCarrier},
			{"nil pointer", nilReader, opentracing.ErrInvalidCarrier, opentracing.ErrInvalidCarrier},
			{"nil func", nilFunc, opentracing.ErrInvalidCarrier, opentracing.ErrInvalidCarrier},
			{"nil header", http.Header(nil), opentracing.ErrInvalidCarrier, opentracing.ErrSpanContextNotFound},
			{"nil HTTPHeadersCarrier", opentracing.HTTPHeadersCarrier(nil), opentracing.ErrInvalidCarrier, opentracing.ErrSpanContextNotFound},
			{"nil TextMapCarrier", opentracing.TextMapCarrier(nil), opentracing.ErrInvalidCarrier, opentracing.ErrSpanContextNotFound},
			{"nil map of one's own", ownMap(nil), opentracing.ErrInvalidCarrier, opentracing.ErrSpanContextNotFound},
		} {
			if got := p.Inject(sampled, test.carrier); got != test.inject {
				t.Errorf("%s: inject into %s: got %v, want %v", format, test.name, got, test.inject)
			}
			if _, got := p.Extract(test.carrier); got != test.extract {
				t.Errorf("%s: extract from %s: got %v, want %v", format, test.name, got, test.extract)
			}
		}
	}
}

func TestReaderErrors(t *testing.T) {
	t.Parallel()
	want := errors.New("connection lost")
	for format, p := range all() {
		if _, got := p.Extract(&reader{pairs: []string{"uber-trace-id", "1:1:0:1"}, err: want}); got != want {
			t.Errorf("%s: got %v, want %v", format, got, want)
		}
	}
}

func TestOneContextIntoManyCarriers(t *testing.T) {
	t.Parallel()
	sc := sampled.WithBaggageItem("k", "a b")
	for _, p := range both() {
		var wg sync.WaitGroup
		for range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range 50 {
					h := http.Header{}
					if err := p.Inject(sc, h); err != nil {
						t.Error(err)
					}
					if got, err := p.Extract(h); err != nil || describe(got) != describe(sc) {
						t.Errorf("got %s, error %v; want %s", describe(got), err, describe(sc))
					}
				}
			}()
		}
		wg.Wait()
	}
}

// all are the formats that go into headers.
func all() map[string]propagation.Propagator {
	formats := both()
	formats["b3"], formats["b3single"], formats["w3c"] = propagation.NewB3(), propagation.NewB3Single(), propagation.NewW3C()
	formats["together"], formats["apart"] = together("jaeger", "w3c", "b3", "b3single")
	return formats
}

// reader is a carrier of neither of opentracing's types.
type reader struct {
	pairs []string
	err   error
}

func (r *reader) ForeachKey(f func(k, v string) error) error {
	for i := 0; i < len(r.pairs); i += 2 {
		if err := f(r.pairs[i], r.pairs[i+1]); err != nil {
			return err
		}
	}
	return r.err
}

func (r *reader) Set(k, v string) { r.pairs = append(r.pairs, k, v) }

type readerFunc func() map[string]string

func (f readerFunc) ForeachKey(func(k, v string) error) error { f(); return nil }
func (f readerFunc) Set(k, v string)                          { f()[k] = v }

type ownMap map[string]string

func (m ownMap) Set(k, v string) { m[k] = v }
func (m ownMap) ForeachKey(f func(k, v string) error) error {
	for k, v := range m {
		if err := f(k, v); err != nil {
			return err
		}
	}
	return nil
}

func flat(m map[string]string) []string {
	var pairs []string
	for k, v := range m {
		pairs = append(pairs, k, v)
	}
	return pairs
}

func pairs(kv ...string) []model.BaggageItem {
	var items []model.BaggageItem
	for i := 0; i < len(kv); i += 2 {
		items = append(items, model.BaggageItem{Key: kv[i], Value: kv[i+1]})
	}
	return items
}
