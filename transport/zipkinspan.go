// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"errors"
	"strconv"
	"sync/atomic"

	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
)

// zipkinForm is a JSON list of spans. Each is encoded with a comma in front of
// it, so that it does not depend on its place; seal turns the first one into the
// list's bracket.
type zipkinForm struct {
	local atomic.Pointer[localEndpoint] // of the process seen last
}

var errNoID = errors.New("the trace or span id is zero")

func (*zipkinForm) contentType() string { return "application/json" }

func (*zipkinForm) check(s *model.Span) error {
	if !s.TraceID.IsValid() || s.ID == 0 {
		return errNoID
	}
	return nil
}

func (*zipkinForm) head(b []byte, _ *model.Process, _ int) ([]byte, bool) { return b, false }

func (*zipkinForm) seal(body []byte, head, _ int) { body[head] = '[' }

func (*zipkinForm) tail() byte { return ']' }

// flatten puts the process tags among the span's.
func (z *zipkinForm) flatten(s *model.Span, p *model.Process) *model.Span {
	if !s.LocalRoot || p == nil {
		return s
	}
	own := latestOf(s.Tags)
	_, taken := z.localEndpoint(p)
	flat := &model.Span{
		Process: s.Process, TraceID: s.TraceID, ID: s.ID, ParentID: s.ParentID, Flags: s.Flags, Shared: s.Shared,
		Operation: s.Operation, Start: s.Start, Duration: s.Duration, Logs: s.Logs,
	}
	flat.Tags = append(flat.Tags, s.Tags...)
	for i := range p.Tags {
		if t := &p.Tags[i]; !own.has(t.Key) && !(taken && t.Key == ipKey) {
			flat.Tags = append(flat.Tags, *t)
		}
	}
	return flat
}

func (z *zipkinForm) appendSpan(b []byte, s *model.Span, p *model.Process, limit int) (_ []byte, whole bool) {
	var peer remote
	kind := peer.read(s.Tags)
	if len(b)+len(s.Operation)+len(peer.service) > limit {
		return b, false
	}
	b = append(b, `,{"traceId":"`...)
	b = s.TraceID.AppendHex(b)
	if s.ParentID != 0 && s.ParentID != s.ID {
		b = append(b, `","parentId":"`...)
		b = s.ParentID.AppendHex(b)
	}
	b = append(b, `","id":"`...)
	b = s.ID.AppendHex(b)
	b = append(b, '"')
	if kind != "" {
		b = append(b, `,"kind":"`...)
		b = append(b, kind...)
		b = append(b, '"')
	}
	b = appendJSON(append(b, `,"name":`...), s.Operation)
	if start := wire.Micros(s.Start); start > 0 {
		b = strconv.AppendInt(append(b, `,"timestamp":`...), start, 10)
	}
	b = strconv.AppendInt(append(b, `,"duration":`...), max(1, wire.Micros(int64(s.Duration))), 10)
	if s.Flags&model.FlagDebug != 0 {
		b = append(b, `,"debug":true`...)
	}
	if s.Shared {
		b = append(b, `,"shared":true`...)
	}
	taken := false
	if p != nil {
		var local []byte
		local, taken = z.localEndpoint(p)
		b = append(b, local...)
	}
	b = peer.append(b)
	if b, whole = appendAnnotations(b, s.Logs, limit); !whole {
		return b, false
	}
	var of *model.Process
	if s.LocalRoot {
		of = p
	}
	if b, whole = appendZipkinTags(b, s, &peer, kind != "", of, taken, limit); !whole {
		return b, false
	}
	return append(b, '}'), len(b) < limit
}

func appendAnnotations(b []byte, logs []model.Log, limit int) (_ []byte, whole bool) {
	between := `,"annotations":[`
	for i := range logs {
		l := &logs[i]
		at := wire.Micros(l.Time)
		b = append(append(b, between...), `{"timestamp":`...)
		between = ","
		b = append(strconv.AppendInt(b, max(at, 1), 10), `,"value":`...)
		if len(l.Fields) == 1 && l.Fields[0].Key == "event" {
			if len(b)+len(l.Fields[0].Str()) > limit {
				return b, false
			}
			b = append(appendText(b, &l.Fields[0]), '}')
			continue
		}
		from := len(b)
		if b, whole = appendFields(b, l.Fields, limit); !whole {
			return b, false
		}
		b = append(quoteJSON(b, from), '}')
	}
	if len(logs) > 0 {
		b = append(b, ']')
	}
	return b, len(b) <= limit
}

// appendFields appends an object.
func appendFields(b []byte, fields []model.Tag, limit int) (_ []byte, whole bool) {
	last := latestOf(fields)
	b = append(b, '{')
	first := true
	for i := range fields {
		f := &fields[i]
		if len(b)+len(f.Key)+len(f.Str()) > limit {
			return b, false
		}
		if !last.counts(i) {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendTyped(append(appendJSON(b, f.Key), ':'), f)
	}
	return append(b, '}'), true
}

// appendZipkinTags appends the tags of s that no other field stands for, and
// those of the process if there is one.
func appendZipkinTags(b []byte, s *model.Span, peer *remote, kind bool, p *model.Process, taken bool, limit int) (_ []byte, whole bool) {
	between := `,"tags":{`
	add := func(t *model.Tag) bool {
		if len(b)+len(t.Key)+len(t.Str()) > limit {
			return false
		}
		b = append(b, between...)
		between = ","
		b = appendText(append(appendJSON(b, t.Key), ':'), t)
		return true
	}
	own := latestOf(s.Tags)
	for i := range s.Tags {
		t := &s.Tags[i]
		if !own.counts(i) || kind && t.Key == kindKey || peer.took(t.Key) || isNoError(t) {
			continue
		}
		if !add(t) {
			return b, false
		}
	}
	if p != nil {
		all := latestOf(p.Tags)
		for i := range p.Tags {
			t := &p.Tags[i]
			if !all.counts(i) || own.has(t.Key) || taken && t.Key == ipKey || isNoError(t) {
				continue
			}
			if !add(t) {
				return b, false
			}
		}
	}
	if between == "," {
		b = append(b, '}')
	}
	return b, len(b) <= limit
}

func isNoError(t *model.Tag) bool {
	return t.Key == "error" && (t.Kind() == model.KindBool && !t.Bool() || t.Kind() == model.KindString && t.Str() == "false")
}
