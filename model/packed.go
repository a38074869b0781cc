// SPDX-License-Identifier: Apache-2.0

package model

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
	packedTags = 512
	packedLogs = 192
	keepPacked = 4 << 10
)

// Packed returns the packed form. It is for tracers and transports of this module.
func (s *Span) Packed() *Packed { return &s.packed }

// Pack turns packing on for a record without tags and logs.
func (s *Span) Pack() {
	p := &s.packed
	if p.Tags == nil {
		p.Tags = make([]byte, packedTags)
	}
	if p.Logs == nil {
		p.Logs = make([]byte, packedLogs)
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

// StopPacking is for whoever moved what was packed to Tags and Logs.
func (s *Span) StopPacking() { s.packed.reset() }
