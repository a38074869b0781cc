// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jaegerkit/jaeger/internal/thrift"
	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
)

// A span or process that is too large for a packet loses as little as possible,
// and carries a tag that says what it lost. All of this is rare and may cost
// what it likes; the originals are shared and are never written to.

const (
	reducedKey   = "jaeger.reduced"
	maxReduced   = 120 // bytes of the tag's value
	reducedBytes = 2 + len(reducedKey) + 2 + 2 + maxReduced + 1
)

// reduceSpan returns a copy of s that takes at most room bytes, false if there
// is none, which needs a room below minSpanRoom. What could not be sent in any
// case goes first: of an operation name that fits no packet the end, down to
// half a packet, and tags that fit no packet. Then go logs, the largest first;
// tags, the largest first; references; the end of the operation name.
func reduceSpan(s *model.Span, room int) (*model.Span, bool) {
	short := &model.Span{
		Process: s.Process, TraceID: s.TraceID, ID: s.ID, ParentID: s.ParentID, Flags: s.Flags, Shared: s.Shared,
		Start: s.Start, Duration: s.Duration,
	}
	bare, _ := appendSpan(nil, short, room)
	excess := len(bare) + reducedBytes + listBytes(len(s.References)) + listBytes(len(s.Tags)+1) +
		listBytes(len(s.Logs)) - room
	most := -excess // the largest tag there can be room for
	excess += nameBytes(s.Operation) + total(s.References, referenceBytes) + total(s.Tags, tagBytes) + total(s.Logs, logBytes)

	operation, lost := s.Operation, 0
	if n := nameBytes(operation); n > most {
		operation, lost = cutName(operation, min(excess, n-most/2))
		excess -= lost
	}
	hopeless := func(t *model.Tag) int {
		if n := tagBytes(t); n > most {
			return n
		}
		return 0
	}
	var tags, more cut[model.Tag]
	var logs cut[model.Log]
	var refs cut[model.Reference]
	short.Tags, tags = dropLargest(s.Tags, hopeless, total(s.Tags, hopeless))
	excess -= tags.bytes
	short.Logs, logs = dropLargest(s.Logs, logBytes, excess)
	excess -= logs.bytes
	short.Tags, more = dropLargest(short.Tags, tagBytes, excess)
	excess -= more.bytes
	tags.dropped, tags.bytes = append(tags.dropped, more.dropped...), tags.bytes+more.bytes
	short.References, refs = dropLargest(s.References, referenceBytes, excess)
	excess -= refs.bytes
	var rest int
	if short.Operation, rest = cutName(operation, excess); rest < excess {
		return nil, false
	}
	lost += rest

	var what []string
	if n := len(logs.dropped); n > 0 {
		what = append(what, fmt.Sprintf("%s (%s)", count(n, "log"), count(logs.bytes, "byte")))
	}
	if n := len(refs.dropped); n > 0 {
		what = append(what, count(n, "reference"))
	}
	if lost > 0 {
		what = append(what, count(lost, "byte")+" of the operation name")
	}
	if len(tags.dropped) > 0 {
		what = append(what, tagList(tags))
	}
	short.Tags = append(slices.Clip(short.Tags), reducedTag(what))
	return short, true
}

// reduceProcess returns a copy of p that takes at most room bytes, which must
// be enough for the tag that says so: the largest tags go, then the end of the
// service name.
func reduceProcess(p *model.Process, room int) *model.Process {
	short := &model.Process{}
	bare, _ := appendProcess(nil, short, room)
	excess := len(bare) + reducedBytes + listBytes(len(p.Tags)+1) + nameBytes(p.ServiceName) +
		total(p.Tags, tagBytes) - room
	var tags cut[model.Tag]
	short.Tags, tags = dropLargest(p.Tags, tagBytes, excess)
	var lost int
	short.ServiceName, lost = cutName(p.ServiceName, excess-tags.bytes)
	var what []string
	if lost > 0 {
		what = append(what, count(lost, "byte")+" of the service name")
	}
	if len(tags.dropped) > 0 {
		what = append(what, tagList(tags))
	}
	short.Tags = append(slices.Clip(short.Tags), reducedTag(what))
	return short
}

// cut is what dropLargest took away.
type cut[T any] struct {
	dropped []T // the largest first
	bytes   int
}

// dropLargest returns items without the largest ones, as many as make up for
// excess bytes, in their order. Of equal ones those in the middle go first: how
// a span began and how it ended says most.
func dropLargest[T any](items []T, size func(*T) int, excess int) ([]T, cut[T]) {
	if excess <= 0 || len(items) == 0 {
		return items, cut[T]{}
	}
	type candidate struct{ size, index, depth int }
	order := make([]candidate, len(items))
	for i := range items {
		order[i] = candidate{size(&items[i]), i, min(i, len(items)-1-i)}
	}
	slices.SortFunc(order, func(a, b candidate) int {
		return cmp.Or(b.size-a.size, b.depth-a.depth, b.index-a.index)
	})
	var c cut[T]
	n := 0
	for n < len(order) && c.bytes < excess {
		c.dropped = append(c.dropped, items[order[n].index])
		c.bytes += order[n].size
		n++
	}
	stay := order[n:]
	slices.SortFunc(stay, func(a, b candidate) int { return a.index - b.index })
	kept := make([]T, len(stay))
	for i := range stay {
		kept[i] = items[stay[i].index]
	}
	return kept, c
}

// cutName takes at least excess bytes off the end of s, all of it if it has no
// more, without cutting a character, and returns how many.
func cutName(s string, excess int) (short string, lost int) {
	if excess <= 0 {
		return s, 0
	}
	const length = 4 // what the encoded length may take beyond one byte
	short = cutText(strings.ToValidUTF8(s, string(utf8.RuneError)), max(0, len(s)-excess-length))
	return short, nameBytes(s) - nameBytes(short)
}

// cutText returns at most n bytes from the front of s, whole characters only.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func tagList(c cut[model.Tag]) string {
	names := make([]string, 0, 4)
	for i := range c.dropped[:min(len(c.dropped), cap(names))] {
		names = append(names, cutText(strings.ToValidUTF8(c.dropped[i].Key, "?"), 40))
	}
	return fmt.Sprintf("%s (%s): %s", count(len(c.dropped), "tag"), count(c.bytes, "byte"), strings.Join(names, ", "))
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

func reducedTag(what []string) model.Tag {
	text := "dropped " + strings.Join(what, ", ")
	if len(text) > maxReduced {
		text = cutText(text, maxReduced-3) + "..."
	}
	return model.String(reducedKey, text)
}

func total[T any](items []T, size func(*T) int) (n int) {
	for i := range items {
		n += size(&items[i])
	}
	return n
}

// The sizes below are what the encoder writes or, where that is more, what it
// asks for before it shortens text that is not UTF-8.

func stringBytes(s string) int { return max(thrift.StringLen(s), len(s)) }

// nameBytes returns what s takes beyond an empty string.
func nameBytes(s string) int { return stringBytes(s) - 1 }

func listBytes(n int) int { return thrift.ListLen(n) - thrift.ListLen(0) }

func tagBytes(t *model.Tag) int {
	n := 1 + stringBytes(t.Key) + 2 + 1
	switch t.Kind() {
	case model.KindFloat64:
		return n + 1 + 8
	case model.KindBool:
		return n + 1
	case model.KindInt64:
		return n + 1 + thrift.I64Len(t.Int64())
	case model.KindBinary:
		return n + 1 + thrift.VarintLen(uint64(len(t.Str()))) + len(t.Str())
	}
	return n + 1 + stringBytes(t.Str())
}

func logBytes(l *model.Log) int {
	return 1 + thrift.I64Len(wire.Micros(l.Time)) + 1 + thrift.ListLen(len(l.Fields)) + total(l.Fields, tagBytes) + 1
}

func referenceBytes(r *model.Reference) int { return len(appendReference(nil, r)) }
