// SPDX-License-Identifier: Apache-2.0

// Package workload says what is measured: the shape of the spans and the values
// in them, the same for every peer.
//
//	data := workload.Standard.Data()
//	set := data.Set(i)                  // the i-th span's name, tags and logs
//	for _, tag := range set.Tags {
//		span.SetTag(tag.Key, tag.Value) // boxed once, here
//	}
//
// What it promises: the same shape gives the same data in every process and on
// every machine; producing it is over before a clock is read; no two spans in a
// row carry the same values, so nothing is won by remembering the last one.
package workload

import (
	"fmt"
	"math/rand/v2"
)

// Shape describes one kind of span. Its zero value is a bare span.
type Shape struct {
	Name       string // for people and for the -shape flag
	Tags       int    // of every five: three strings, an integer, and a boolean or a float by turns
	ValueBytes int    // length of the string values
	Logs       int    // events of two fields, a string and an integer
	Operations int    // distinct operation names; 0 is 1
	Wide       bool   // 128-bit trace ids, where a client has the choice
}

// The shapes of the tables. Standard is the one of the budgets.
var (
	Bare     = Shape{Name: "bare", ValueBytes: 10}
	Tagged   = Shape{Name: "tagged", Tags: 5, ValueBytes: 24}
	Standard = Shape{Name: "standard", Tags: 5, ValueBytes: 24, Logs: 1}
	Wide     = Shape{Name: "128-bit", Tags: 5, ValueBytes: 24, Logs: 1, Wide: true}
	Short    = Shape{Name: "short", Tags: 5, ValueBytes: 10, Logs: 1}
	Many     = Shape{Name: "30-tags", Tags: 30, ValueBytes: 24, Logs: 1}
	Large    = Shape{Name: "4-kb-values", Tags: 5, ValueBytes: 4096, Logs: 1}
	Chatty   = Shape{Name: "8-logs", Tags: 5, ValueBytes: 24, Logs: 8}
	Names    = Shape{Name: "10k-names", Tags: 5, ValueBytes: 24, Logs: 1, Operations: 10_000}
)

// All lists the shapes in the order of the tables.
var All = []Shape{Bare, Tagged, Standard, Wide, Short, Many, Large, Chatty, Names}

// ByName finds one of All.
func ByName(name string) (Shape, error) {
	for _, s := range All {
		if s.Name == name {
			return s, nil
		}
	}
	return Shape{}, fmt.Errorf("shape %q is not known", name)
}

// Tag is a key with a string, int, bool or float64, in the interface that the
// OpenTracing calls want, so that boxing is not the client's cost.
type Tag struct {
	Key   string
	Value any
}

// Set is what one span carries.
type Set struct {
	Tags []Tag
	Logs [][]Tag
}

// Fresh are five values as a handler has them at hand, not boxed yet.
type Fresh struct {
	Method, URL, Host string
	Status            int
	Cached            bool
}

// Data are the values of a shape. Read-only after Shape.Data.
type Data struct {
	Shape Shape
	Names []string
	Sets  []Set
	fresh []Fresh
}

// Sets is how many different sets of values a workload turns through: more than
// any client would cache, few enough to stay in a processor's cache themselves.
// It is a constant power of two, because a division would be a tenth of the
// cheapest span.
const Sets = 64

// Data prepares the values.
func (s Shape) Data() *Data {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	d := &Data{Shape: s, Sets: make([]Set, Sets)}
	for i := range max(s.Operations, 1) {
		d.Names = append(d.Names, fmt.Sprintf("GET /customers/%d", i))
	}
	for i := range d.Sets {
		set := &d.Sets[i]
		for t := range s.Tags {
			set.Tags = append(set.Tags, g.tag(t, s.ValueBytes))
		}
		for range s.Logs {
			set.Logs = append(set.Logs, []Tag{
				{"event", g.text(s.ValueBytes)},
				{"size", 1000 + g.IntN(1_000_000)},
			})
		}
	}
	for range Sets {
		d.fresh = append(d.fresh, Fresh{
			Method: g.text(4), URL: g.text(24), Host: g.text(24), Status: 200 + g.IntN(400), Cached: g.IntN(2) == 0,
		})
	}
	return d
}

// Name returns the i-th span's operation.
func (d *Data) Name(i int) string {
	if len(d.Names) == 1 { // nearly always, and a division is not free
		return d.Names[0]
	}
	return d.Names[uint(i)%uint(len(d.Names))]
}

// Set returns the i-th span's values.
func (d *Data) Set(i int) *Set { return &d.Sets[uint(i)%Sets] }

// Fresh returns the i-th span's values for calls that box them themselves.
func (d *Data) Fresh(i int) *Fresh { return &d.fresh[uint(i)%Sets] }

// Headers are the other headers of an ordinary request, which an Extract has to
// look past.
func Headers() map[string][]string {
	return map[string][]string{
		"Accept":          {"application/json"},
		"Accept-Encoding": {"gzip, deflate, br"},
		"Accept-Language": {"en-GB,en;q=0.8"},
		"Authorization":   {"Bearer 5f0c6d6f7b2a4c1e9d3b8a7f6e5d4c3b2a1f0e9d"},
		"Content-Type":    {"application/json"},
		"User-Agent":      {"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
		"X-Forwarded-For": {"203.0.113.7"},
		"X-Request-Id":    {"0f8fad5b-d9cb-469f-a165-70867728950e"},
	}
}
