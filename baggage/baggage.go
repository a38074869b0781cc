// SPDX-License-Identifier: Apache-2.0

// Package baggage says which items may travel with a trace: all of them up to a
// length, those of a list, or those a Jaeger server lists.
//
//	r, err := baggage.NewRemote("checkout", baggage.WithServer("agent:5778"))
//	if err != nil {
//		return err // names every option that cannot be used
//	}
//	tracer, err := jaeger.New("checkout", rep, jaeger.WithBaggageRestrictions(r))
//
// What it promises: a restrictor is safe from any goroutine, takes no lock, does
// not allocate and does no I/O where it is asked; Remote has one goroutine of
// its own, which Close ends.
package baggage

// DefaultMaxValueLength is how many bytes a value may have where nothing else is
// said.
const DefaultMaxValueLength = 2048

// Restrictor answers for each item that is put on a span. It is called on the
// goroutine that does so, from any number of them at once, so it must not block,
// do I/O or panic. Items that came with a context from elsewhere are not asked
// about.
//
// A restrictor that also implements io.Closer is closed with its tracer.
type Restrictor interface {
	// Restriction says whether key may be set, and how many bytes of its value
	// are kept, 1 or more; of a key that may not, the length means nothing.
	Restriction(key string) (allowed bool, maxValueLength int)
}
