// SPDX-License-Identifier: Apache-2.0

package baggage_test

import (
	"testing"

	"github.com/jaegerkit/jaeger/baggage"
)

func TestRestrictors(t *testing.T) {
	t.Parallel()
	lengths := map[string]int{"user": 64, "tenant": 0}
	l, err := baggage.NewList(lengths)
	if err != nil {
		t.Fatal(err)
	}
	lengths["late"] = 1
	empty, err := baggage.NewList(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		r       baggage.Restrictor
		key     string
		allowed bool
		length  int
	}{
		{"listed", l, "user", true, 64},
		{"listed without length", l, "tenant", true, 2048},
		{"not listed", l, "other", false, 0},
		{"another case", l, "User", false, 0},
		{"listed too late", l, "late", false, 0},
		{"empty key", l, "", false, 0},
		{"empty list", empty, "user", false, 0},
		{"zero list", &baggage.List{}, "user", false, 0},
		{"unrestricted", baggage.Unrestricted(0), "user", true, 2048},
		{"unrestricted, below nothing", baggage.Unrestricted(-1), "user", true, 2048},
		{"unrestricted, but for the length", baggage.Unrestricted(5), "user", true, 5},
		{"zero remote", &baggage.Remote{}, "user", true, 2048},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			allowed, length := test.r.Restriction(test.key)
			if allowed != test.allowed || length != test.length {
				t.Errorf("got %v, %d, want %v, %d", allowed, length, test.allowed, test.length)
			}
		})
	}
}

func TestBadList(t *testing.T) {
	t.Parallel()
	_, err := baggage.NewList(map[string]int{"a": -1, "": 1, "b": 2, "c": -9})
	want := `baggage key "a": max value length -1: want 0 or more bytes
baggage key "c": max value length -9: want 0 or more bytes
baggage key is empty`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestRestrictionDoesNotAllocate(t *testing.T) {
	l, err := baggage.NewList(map[string]int{"user": 64})
	if err != nil {
		t.Fatal(err)
	}
	p := newPeer(t, `[{"baggageKey":"user","maxValueLength":64}]`)
	remote := p.restrict()
	p.settle()
	for _, r := range []baggage.Restrictor{l, remote, baggage.Unrestricted(5)} {
		if got := testing.AllocsPerRun(100, func() {
			r.Restriction("user")
			r.Restriction("other")
		}); got > 0 {
			t.Errorf("%T: got %v allocations, want 0", r, got)
		}
	}
}

func BenchmarkRestriction(b *testing.B) {
	p := newPeer(b, list(100))
	r := p.restrict(baggage.WithInterval(baggage.DefaultInterval))
	p.await()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r.Restriction("k50")
		}
	})
}
