// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"github.com/jaegerkit/jaeger/internal/thrift"
	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
)

// packet collects encoded spans and turns as many of them as fit into one
// emitBatch message.
//
//	buf:  gap ...[head][span][span][span][tail]
//
// Spans are encoded where they are sent from. The head depends on how many
// there are, so it is written last, right-aligned before the first span. The
// tail goes over the first bytes of the span behind the last one sent, if there
// is one, and those bytes are put back after the write. Nothing is encoded
// twice, and what waits for the next packet is moved once.
//
// It belongs to the goroutine that calls Send.
type packet struct {
	limit   int // bytes of a message, all included
	seqs    sequences
	seq     int64 // of the next packet of process, from 1
	stats   model.ClientStats
	process *model.Process
	encoded []byte // process, cut where it leaves no room for spans
	cutFor  int    // the limit encoded was made for

	processCut bool // set when encoded had to be cut; UDP clears it

	buf   []byte // the gap, then spans
	gap   int
	spans []slot
	tail  [maxTail]byte // of the next packet
	tailN int
	saved [maxTail]byte // what the tail was written over
}

// slot is a span in packet.buf.
type slot struct {
	end     int  // where it ends; it starts where the one before it ends
	whole   bool // false if encoding stopped because no packet holds so much
	reduced bool
}

const (
	method = "emitBatch"
	// A message begins with its header, the method's name and the fields in
	// front of Process: the argument and Batch.process.
	maxFront  = 2 + 5 + 1 + len(method) + 2
	maxListed = 1 + 1 + 5 // Batch.spans: field and list header
	overhead  = maxFront + maxListed + maxTail
	// minSpanRoom is what is kept free for a span beside a large Process, or a
	// quarter of the packet if that is more.
	minSpanRoom = 256
)

// begin empties the packet and prepares it for spans of process.
func (p *packet) begin(process *model.Process, stats model.ClientStats) {
	p.stats = stats
	if process == nil {
		process = &noProcess
	}
	if process != p.process {
		p.seq = p.seqs.change(p.process, p.seq, process)
		p.process, p.cutFor = process, 0
	}
	p.encodeProcess()
	p.gap = maxFront + len(p.encoded) + maxListed
	if cap(p.buf) < p.gap {
		p.buf = make([]byte, p.gap, p.gap+4096)
	}
	p.buf = p.buf[:p.gap]
	p.spans = p.spans[:0]
	p.endTail()
}

var noProcess model.Process

// encodeProcess makes encoded fit the limit; it does nothing if it was made for
// this process and limit.
func (p *packet) encodeProcess() {
	if p.cutFor == p.limit {
		return
	}
	room := p.limit - overhead - max(minSpanRoom, p.limit/4)
	var whole bool
	if p.encoded, whole = appendProcess(p.encoded[:0], p.process, room); !whole {
		p.encoded, _ = appendProcess(p.encoded[:0], reduceProcess(p.process, room), room)
		p.processCut = true
	}
	p.cutFor = p.limit
}

func (p *packet) endTail() { p.tailN = len(appendTail(p.tail[:0], p.seq, p.stats)) }

// setLimit lowers the limit, maybe with spans in the packet: the gap was made
// for a process at least as long.
func (p *packet) setLimit(n int) {
	p.limit = n
	p.encodeProcess()
}

// add encodes s behind the others, whether it fits or not.
func (p *packet) add(s *model.Span) {
	b, whole := appendSpan(p.buf, s, len(p.buf)+p.limit)
	p.buf = b
	p.spans = append(p.spans, slot{end: len(b), whole: whole})
}

// addEncoded adds a span that Encode made.
func (p *packet) addEncoded(span []byte) {
	p.buf = append(p.buf, span...)
	p.spans = append(p.spans, slot{end: len(p.buf), whole: true})
}

// fits reports whether the first k spans, at least one, make a message within
// the limit.
func (p *packet) fits(k int) bool {
	last := &p.spans[k-1]
	return last.whole && p.frame(k)+last.end-p.gap <= p.limit
}

// frame returns the bytes of a message of k spans that are not spans.
func (p *packet) frame(k int) int {
	return 2 + thrift.VarintLen(uint64(uint32(p.seq))) + 1 + len(method) + 2 +
		len(p.encoded) + 1 + thrift.ListLen(k) + p.tailN
}

// most returns how many of the first k spans fit, 0 if not even the first.
func (p *packet) most(k int) int {
	for k > 0 && !p.fits(k) {
		k--
	}
	return k
}

// seal returns the message of the first k spans, at least one. It is valid
// until unseal, which must be called before anything else.
func (p *packet) seal(k int) []byte {
	end := p.spans[k-1].end
	copy(p.saved[:], p.buf[end:])
	all := len(p.buf)
	p.buf = append(p.buf[:end], p.tail[:p.tailN]...)
	message := p.buf
	p.buf = p.buf[:all]

	var small [maxFront]byte
	listed := thrift.AppendList(append(small[:0], thrift.Field(1, thrift.List)), k, thrift.Struct)
	at := p.gap - len(listed)
	copy(p.buf[at:], listed)
	at -= len(p.encoded)
	copy(p.buf[at:], p.encoded)
	front := thrift.AppendCall(small[:0], method, int32(p.seq))
	front = append(front, thrift.Field(1, thrift.Struct), thrift.Field(1, thrift.Struct))
	at -= len(front)
	copy(p.buf[at:], front)
	return message[at:]
}

// unseal puts back what the tail was written over, after seal(k).
func (p *packet) unseal(k int) {
	copy(p.buf[p.spans[k-1].end:], p.saved[:p.tailN])
}

// drop takes away the first k spans, sent or lost, and their sequence number:
// the peer sees by the missing number that a packet got lost.
func (p *packet) drop(k int) {
	p.seq++
	p.endTail()
	end := p.spans[k-1].end
	n := copy(p.buf[p.gap:], p.buf[end:])
	p.buf = p.buf[:p.gap+n]
	p.spans = p.spans[:copy(p.spans, p.spans[k:])]
	for i := range p.spans {
		p.spans[i].end -= end - p.gap
	}
}

// reduceFirst replaces the first span, which must not fit, by a shorter form of
// s. It reports false if there is none.
func (p *packet) reduceFirst(s *model.Span) bool {
	wire.Unpack(s)
	room := p.limit - p.frame(1)
	short, ok := reduceSpan(s, room)
	if !ok {
		return false
	}
	end := len(p.buf)
	b, whole := appendSpan(p.buf, short, end+room)
	if !whole {
		return false
	}
	// The others close up behind it; they are few, and this is rare.
	old, n := p.spans[0].end, len(b)-end
	b = append(b, b[old:end]...)
	p.buf = b[:p.gap+copy(b[p.gap:], b[end:])]
	for i := range p.spans {
		p.spans[i].end += p.gap + n - old
	}
	p.spans[0].whole, p.spans[0].reduced = true, true
	return true
}

// reduced returns how many of the first k spans are not what the tracer made.
func (p *packet) reduced(k int) (n uint64) {
	for i := range p.spans[:k] {
		if p.spans[i].reduced {
			n++
		}
	}
	return n
}
