// SPDX-License-Identifier: Apache-2.0

package propagation

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"reflect"
	"sync"

	"github.com/jaegerkit/jaeger/model"
	"github.com/opentracing/opentracing-go"
)

// Binary is Jaeger's format for opentracing.Binary. All numbers are big endian:
//
//	u64 trace id, high half     u64 span id      u8  flags
//	u64 trace id, low half      u64 parent id    i32 number of baggage items
//	then per item: i32 length, key, i32 length, value
//
// The carrier is an io.Writer (Inject) or an io.Reader (Extract). The debug id
// is not part of the format. The same limits hold as for HTTPHeaders.
type Binary struct{}

// NewBinary returns the format; it holds no state.
func NewBinary() *Binary { return &Binary{} }

const binaryHeader = 4*8 + 1 + 4

// Inject makes one call of Write, with ids of zero where sc has none, as the
// format has no way to leave them out. Errors of the writer are wrapped.
func (*Binary) Inject(sc model.SpanContext, carrier any) error {
	w, ok := carrier.(io.Writer)
	if !ok || isNil(carrier, reflect.Pointer, reflect.Func) {
		return opentracing.ErrInvalidCarrier
	}
	n, size := 0, binaryHeader
	eachCarried(sc, func(key, value string) {
		n++
		size += 8 + len(key) + len(value)
	})
	b := make([]byte, 0, size)
	id := sc.TraceID()
	b = binary.BigEndian.AppendUint64(b, id.High)
	b = binary.BigEndian.AppendUint64(b, id.Low)
	b = binary.BigEndian.AppendUint64(b, uint64(sc.SpanID()))
	b = binary.BigEndian.AppendUint64(b, uint64(sc.ParentID()))
	b = append(b, byte(sc.Flags()))
	b = binary.BigEndian.AppendUint32(b, uint32(n))
	eachCarried(sc, func(key, value string) {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(key))), key...)
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(value))), value...)
	})
	wrote, err := w.Write(b)
	if err == nil && wrote < len(b) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("write binary span context: %w", err)
	}
	return nil
}

// Extract reads one context and nothing after it, and never more at once than
// an item may be long. A reader that ends before the first byte holds no
// context; one that ends later, fails, or announces an item of negative length or
// of more than 4096 bytes, is corrupted. Items after the 180th are not read.
func (*Binary) Extract(carrier any) (model.SpanContext, error) {
	r, ok := carrier.(io.Reader)
	if !ok || isNil(carrier, reflect.Pointer, reflect.Func) {
		return model.SpanContext{}, opentracing.ErrInvalidCarrier
	}
	scratch := buffers.Get().(*[maxItemBytes + 4]byte)
	defer buffers.Put(scratch)

	b := scratch[:binaryHeader]
	if n, err := io.ReadFull(r, b); err != nil {
		if n == 0 && err == io.EOF {
			return model.SpanContext{}, opentracing.ErrSpanContextNotFound
		}
		return model.SpanContext{}, binaryError(fmt.Sprintf("%d of %d bytes", n, binaryHeader), err)
	}
	c := model.SpanContextConfig{
		TraceID:  model.TraceID{High: binary.BigEndian.Uint64(b), Low: binary.BigEndian.Uint64(b[8:])},
		SpanID:   model.SpanID(binary.BigEndian.Uint64(b[16:])),
		ParentID: model.SpanID(binary.BigEndian.Uint64(b[24:])),
		Flags:    model.Flags(b[32]),
	}
	count := binary.BigEndian.Uint32(b[33:])
	if count > math.MaxInt32 {
		return model.SpanContext{}, binaryError(fmt.Sprintf("%d baggage items", int32(count)), nil)
	}
	var baggage items
	for i := range min(int(count), maxItems) {
		if err := readItem(r, scratch, &baggage); err != nil {
			return model.SpanContext{}, binaryError(fmt.Sprintf("baggage item %d of %d", i+1, count), err)
		}
	}
	if c.Baggage = baggage.list; c.TraceID.IsValid() {
		return model.NewSpanContext(c), nil
	}
	if len(c.Baggage) == 0 {
		return model.SpanContext{}, opentracing.ErrSpanContextNotFound
	}
	return model.NewSpanContext(model.SpanContextConfig{Baggage: c.Baggage}), nil
}

// buffers are read into by io.Reader, which is why they cannot be on the stack.
var buffers = sync.Pool{New: func() any { return new([maxItemBytes + 4]byte) }}

// readItem reads key and value side by side into scratch.
func readItem(r io.Reader, scratch *[maxItemBytes + 4]byte, to *items) error {
	keyLen, err := readPart(r, scratch[:], 0)
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	end, err := readPart(r, scratch[:], keyLen)
	if err != nil {
		return fmt.Errorf("value: %w", err)
	}
	to.add(scratch[:end], keyLen, "", false)
	return nil
}

// readPart reads a length and that many bytes to b[at:], and returns where they
// end.
func readPart(r io.Reader, b []byte, at int) (end int, err error) {
	if _, err := io.ReadFull(r, b[at:at+4]); err != nil {
		return 0, fmt.Errorf("length: %w", midway(err))
	}
	n := int32(binary.BigEndian.Uint32(b[at:]))
	if n < 0 || int(n) > maxItemBytes-at {
		return 0, fmt.Errorf("length %d, want 0 to %d", n, maxItemBytes-at)
	}
	if _, err = io.ReadFull(r, b[at:at+int(n)]); err != nil {
		return 0, fmt.Errorf("want %d bytes: %w", n, midway(err))
	}
	return at + int(n), nil
}

// midway turns the end of a reader into an unexpected one.
func midway(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// binaryError keeps the cause in the chain, for readers that fail in ways of
// their own.
func binaryError(what string, cause error) error {
	if cause == nil {
		return fmt.Errorf("binary span context: %s: %w", what, opentracing.ErrSpanContextCorrupted)
	}
	return fmt.Errorf("binary span context: %s: %w: %w", what, cause, opentracing.ErrSpanContextCorrupted)
}
