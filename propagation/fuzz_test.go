// SPDX-License-Identifier: Apache-2.0

package propagation_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/propagation"
	"github.com/opentracing/opentracing-go"
)

// carried is the part of sc that a format carries: baggage always, ids and flags
// together, and not where an id is missing.
func carried(p propagation.Propagator, sc model.SpanContext) model.SpanContext {
	_, isBinary := p.(*propagation.Binary)
	config := model.SpanContextConfig{}
	if sc.IsValid() || isBinary && sc.TraceID().IsValid() {
		config = model.SpanContextConfig{TraceID: sc.TraceID(), SpanID: sc.SpanID(), ParentID: sc.ParentID(), Flags: sc.Flags()}
	}
	if !isBinary {
		config.DebugID = sc.DebugID()
	}
	sc.ForeachBaggageItem(func(k, v string) bool {
		config.Baggage = append(config.Baggage, model.BaggageItem{Key: k, Value: v})
		return true
	})
	return model.NewSpanContext(config)
}

// checkRoundTrip: what p injects it extracts unchanged.
func checkRoundTrip(t *testing.T, p propagation.Propagator, sc model.SpanContext, carrier any) {
	t.Helper()
	if err := p.Inject(sc, carrier); err != nil {
		t.Fatal(err)
	}
	got, err := p.Extract(carrier)
	want := carried(p, sc)
	if n, _ := size(want); n == 0 && want.DebugID() == "" && !want.TraceID().IsValid() {
		if err != opentracing.ErrSpanContextNotFound {
			t.Fatalf("got %s, error %v; want nothing found", describe(got), err)
		}
		return
	}
	if err != nil || describe(got) != describe(want) {
		t.Fatalf("got  %s, error %v\nwant %s", describe(got), err, describe(want))
	}
}

// checkExtracted: errors are of the two kinds, contexts within the limits.
func checkExtracted(t *testing.T, sc model.SpanContext, err error) bool {
	t.Helper()
	if n, total := size(sc); n > 180 || total > 64<<10 {
		t.Fatalf("got %d items of %d bytes", n, total)
	}
	if err == nil {
		return true
	}
	if err != opentracing.ErrSpanContextNotFound && !errors.Is(err, opentracing.ErrSpanContextCorrupted) {
		t.Fatalf("got error %v", err)
	}
	if len(err.Error()) > 1000 {
		t.Fatalf("got an error of %d bytes", len(err.Error()))
	}
	return false
}

func addTextSeeds(f *testing.F) {
	f.Add(padded, "key", "value", "a=1, b = 2", "debug", uint64(1), uint64(2), uint8(1))
	f.Add("1%3A1%3A0%3Ab", "Kéy %", "a+b%20c\x00", "%", "%zz", uint64(0), uint64(0), uint8(0xff))
	f.Add("1:1:0:1:1", "", "", ",,=,", "", uint64(0), uint64(9), uint8(0))
	f.Add("463ac35c9f6413ad48485a3953bb6124:a2fb4a1d1a96d312:1:0b", "a\r\nb", "\xff", "k=v", "\r\n", uint64(1)<<63, uint64(1), uint8(3))
}

func fuzzText(f *testing.F, p propagation.Propagator) {
	addTextSeeds(f)
	f.Fuzz(func(t *testing.T, trace, key, value, list, debugID string, high, low uint64, flags uint8) {
		for _, carrier := range []any{
			opentracing.TextMapCarrier{"uber-trace-id": trace, "Uberctx-" + key: value, "jaeger-baggage": list, "jaeger-debug-id": debugID},
			http.Header{"Uber-Trace-Id": {trace}, "uberctx-" + key: {value, ""}, "JAEGER-BAGGAGE": {list}, key: {value}},
		} {
			sc, err := p.Extract(carrier)
			if checkExtracted(t, sc, err) {
				// A list keeps the case of its keys, headers do not.
				if lower(sc) {
					checkRoundTrip(t, p, sc, opentracing.TextMapCarrier{})
				}
			}
		}
		config := model.SpanContextConfig{
			TraceID: model.TraceID{High: high, Low: low}, SpanID: model.SpanID(low), ParentID: model.SpanID(high), Flags: model.Flags(flags), DebugID: debugID,
		}
		if value != "" {
			config.Baggage = pairs(key, value)
		}
		if sc := model.NewSpanContext(config); lower(sc) && len(key)+len(value) <= 4096 && len(debugID) <= 4096 {
			checkRoundTrip(t, p, sc, opentracing.TextMapCarrier{})
			checkRoundTrip(t, p, sc, &reader{})
			if _, ok := p.(*propagation.HTTPHeaders); ok {
				checkRoundTrip(t, p, sc, http.Header{})
			}
		}
	})
}

func lower(sc model.SpanContext) bool {
	for i := 'A'; i <= 'Z'; i++ {
		found := false
		sc.ForeachBaggageItem(func(k, _ string) bool {
			found = strings.ContainsRune(k, i)
			return !found
		})
		if found {
			return false
		}
	}
	return true
}

func FuzzHTTPHeaders(f *testing.F) { fuzzText(f, propagation.NewHTTPHeaders()) }

func FuzzTextMap(f *testing.F) { fuzzText(f, propagation.NewTextMap()) }

func FuzzBinary(f *testing.F) {
	for _, p := range []model.SpanContext{{}, sampled, sampled.WithBaggageItem("k", "v").WithBaggageItem("L", strings.Repeat("é", 100))} {
		var buf bytes.Buffer
		if err := propagation.NewBinary().Inject(p, &buf); err != nil {
			f.Fatal(err)
		}
		f.Add(buf.Bytes())
		f.Add(buf.Bytes()[:buf.Len()-1])
	}
	f.Add(append(bytes.Repeat([]byte{1}, 33), 0x7f, 0xff, 0xff, 0xff, 0x80, 0, 0, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := propagation.NewBinary()
		sc, err := p.Extract(bytes.NewReader(b))
		if checkExtracted(t, sc, err) {
			checkRoundTrip(t, p, sc, &bytes.Buffer{})
		}
	})
}
