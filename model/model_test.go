// SPDX-License-Identifier: Apache-2.0

package model_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/jaegerkit/jaeger/model"
)

func TestParseTraceID(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		in   string
		want model.TraceID
		text string // of the id, or the error where want is zero
	}{
		{"one digit", "1", model.TraceID{Low: 1}, "0000000000000001"},
		{"upper case", "ABCdef", model.TraceID{Low: 0xabcdef}, "0000000000abcdef"},
		{"64 bits", "ffffffffffffffff", model.TraceID{Low: math.MaxUint64}, "ffffffffffffffff"},
		{"17 digits", "1000000000000000a", model.TraceID{High: 1, Low: 10}, "0000000000000001000000000000000a"},
		{"128 bits", "0123456789abcdefFEDCBA9876543210", model.TraceID{High: 0x0123456789abcdef, Low: 0xfedcba9876543210}, "0123456789abcdeffedcba9876543210"},
		{"padded 64 bits", "00000000000000000000000000000001", model.TraceID{Low: 1}, "0000000000000001"},
		{"low half zero", "10000000000000000", model.TraceID{High: 1}, "00000000000000010000000000000000"},
		{"empty", "", model.TraceID{}, `trace id "": not 1 to 32 hex digits`},
		{"sign", "+1", model.TraceID{}, `trace id "+1": not 1 to 32 hex digits`},
		{"prefix", "0x1", model.TraceID{}, `trace id "0x1": not 1 to 32 hex digits`},
		{"underscore", "1_0", model.TraceID{}, `trace id "1_0": not 1 to 32 hex digits`},
		{"space", "1 ", model.TraceID{}, `trace id "1 ": not 1 to 32 hex digits`},
		{"g", "g", model.TraceID{}, `trace id "g": not 1 to 32 hex digits`},
		{"bad high half", "x0000000000000001", model.TraceID{}, `trace id "x0000000000000001": not hex digits`},
		{"33 digits", strings.Repeat("1", 33), model.TraceID{}, `trace id "` + strings.Repeat("1", 33) + `": longer than 32 hex digits`},
		{"huge", strings.Repeat("1", 1000), model.TraceID{}, `trace id "` + strings.Repeat("1", 64) + `"... (1000 bytes): longer than 32 hex digits`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := model.ParseTraceID(test.in)
			if got != test.want {
				t.Errorf("got  %v\nwant %v", got, test.want)
			}
			text := got.String()
			if err != nil {
				text = err.Error()
			}
			if text != test.text {
				t.Errorf("got  %s\nwant %s", text, test.text)
			}
			if valid := got.IsValid(); valid != (err == nil) {
				t.Errorf("got IsValid %v with error %v", valid, err)
			}
		})
	}
}

func TestParseSpanID(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		in   string
		want model.SpanID
		ok   bool
	}{
		{"short", "f", 15, true},
		{"zero", "0", 0, true},
		{"longest", "FFFFFFFFFFFFFFFF", math.MaxUint64, true},
		{"17 digits", "10000000000000000", 0, false},
		{"empty", "", 0, false},
		{"minus", "-1", 0, false},
		{"between digits and letters", ":", 0, false},
		{"between cases", "`", 0, false},
		{"nul", "\x00", 0, false},
		{"high byte", "\xff", 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := model.ParseSpanID(test.in)
			if got != test.want || (err == nil) != test.ok {
				t.Errorf("got %v, error %v; want %v, ok %v", got, err, test.want, test.ok)
			}
			if err != nil && !strings.Contains(err.Error(), fmt.Sprintf("%q", test.in)) {
				t.Errorf("got error %q, want it to quote %q", err, test.in)
			}
		})
	}
}

func FuzzParseTraceID(f *testing.F) {
	f.Add("1")
	f.Add("0123456789abcdefFEDCBA9876543210")
	f.Add("0x1")
	f.Fuzz(func(t *testing.T, s string) {
		id, err := model.ParseTraceID(s)
		valid := len(s) >= 1 && len(s) <= 32 && strings.Trim(s, "0123456789abcdefABCDEF") == ""
		if (err == nil) != valid {
			t.Fatalf("%q: got error %v, want valid %v", s, err, valid)
		}
		if err != nil {
			return
		}
		again, err := model.ParseTraceID(id.String())
		if err != nil || again != id {
			t.Errorf("%q: got %v back from %v, error %v", s, again, id, err)
		}
		want := strings.TrimLeft(strings.ToLower(s), "0")
		if got := strings.TrimLeft(id.String(), "0"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func FuzzParseSpanID(f *testing.F) {
	f.Add("1")
	f.Add("0123456789abcdeF")
	f.Add("-1")
	f.Fuzz(func(t *testing.T, s string) {
		id, err := model.ParseSpanID(s)
		valid := len(s) >= 1 && len(s) <= 16 && strings.Trim(s, "0123456789abcdefABCDEF") == ""
		if (err == nil) != valid {
			t.Fatalf("%q: got error %v, want valid %v", s, err, valid)
		}
		if again, _ := model.ParseSpanID(id.String()); again != id {
			t.Errorf("%q: got %v back from %v", s, again, id)
		}
	})
}
