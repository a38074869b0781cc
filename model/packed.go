// SPDX-License-Identifier: Apache-2.0

package model

import "slices"

// Packed are a record's tags and logs in the form in which they are sent, encoded when
// they are set: the value is in the cache then, and nothing is written down only to be
// read once and encoded. A tracer packs where it knows that the transport is this module's
// UDP; whoever else sees a record sees one with Tags and Logs. Package internal/wire
// writes and reads it, and turns it into Tags and Logs where something is asked of a
// record that this form is no good for.
type Packed struct {
	On bool // Tags and Logs of the record are empty, and here

	// Elements of the lists Span.tags and Span.logs of jaeger.thrift in compact
	// encoding, up to TagsEnd and LogsEnd; what is behind is room.
	Tags, Logs         []byte
	TagsEnd, LogsEnd   int
	TagCount, LogCount int

	// Nanos is what the microseconds of each log leave out of its time.
	Nanos [MaxPackedLogs]uint16
}

// MaxPackedLogs is how many logs a packed record has at most.
const MaxPackedLogs = 16

// What a record has room for before any of it is used, and up to what it is kept: bytes.
const (
	packedTags = 384
	packedLogs = 192
	keepPacked = 4 << 10
)

// Packed returns the packed form. Like Pack and StopPacking it is for tracers and
// transports of this module and may change with them.
func (s *Span) Packed() *Packed { return &s.packed }

// Pack turns packing on for a record that is fresh from NewSpan.
func (s *Span) Pack() {
	p := &s.packed
	if p.Tags == nil || p.Logs == nil {
		p.Tags, p.Logs = make([]byte, packedTags), make([]byte, packedLogs)
		// What recycle left for the next span is not overwritten by those to come.
		clear(s.Tags[:cap(s.Tags)])
		clear(s.Logs[:cap(s.Logs)])
		clear(s.fields[:cap(s.fields)])
	}
	p.On = true
}

// reset is for the next record.
func (p *Packed) reset() {
	p.On = false
	p.TagsEnd, p.LogsEnd, p.TagCount, p.LogCount = 0, 0, 0, 0
	if len(p.Tags) > keepPacked {
		p.Tags = nil
	}
	if len(p.Logs) > keepPacked {
		p.Logs = nil
	}
}

func (p *Packed) bytes() int { return cap(p.Tags) + cap(p.Logs) }

// StopPacking is for whoever moved what was packed to Tags and Logs. It lets go of the
// room: the record may be kept.
func (s *Span) StopPacking() { s.packed = Packed{} }

func (p *Packed) clone() Packed {
	c := *p
	c.Tags, c.Logs = slices.Clone(p.Tags[:p.TagsEnd]), slices.Clone(p.Logs[:p.LogsEnd])
	return c
}
