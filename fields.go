// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"fmt"
	"slices"
	"sync"

	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/internal/proc"
	"github.com/jaegerkit/jaeger/internal/wire"
	"github.com/jaegerkit/jaeger/model"
)

// fieldEncoder turns the fields of one log into tags, outside of the span's
// lock because their values' methods may use the span. It implements
// log.Encoder. Reused, so that a log costs no allocation.
type fieldEncoder struct {
	tags  []model.Tag
	spare model.Tag // takes the fields that are too many
	limit int       // bytes of a value
	lent  bool      // a lazy logger saw the encoder, and may have kept it
}

var encoders = sync.Pool{New: func() any { return &fieldEncoder{tags: make([]model.Tag, 0, 8)} }}

// encoder takes the one that lies ready on this processor, at half the price of the
// pool.
func (t *Tracer) encoder() (e *fieldEncoder) {
	locals := t.counts.locals
	if p := proc.Pin(); p < len(locals) {
		e, locals[p].encoder = locals[p].encoder, nil
	}
	proc.Unpin()
	if e == nil {
		e = encoders.Get().(*fieldEncoder)
	}
	return e
}

// release takes an encoder back.
func (t *Tracer) release(e *fieldEncoder) {
	if cap(e.tags) > 64 || e.lent {
		return
	}
	// What a log refers to must not stay alive until the next one on this processor.
	clear(e.tags)
	e.tags, e.spare = e.tags[:0], model.Tag{}
	locals := t.counts.locals
	if p := proc.Pin(); p < len(locals) && locals[p].encoder == nil {
		locals[p].encoder = e
		e = nil
	}
	proc.Unpin()
	if e != nil {
		encoders.Put(e)
	}
}

// fields converts fs; the caller gives the result back with release.
func (t *Tracer) fields(fs []log.Field) *fieldEncoder {
	e := t.encoder()
	e.limit = t.limits.logValue
	if len(fs) > maxTags {
		fs = fs[:maxTags]
	}
	for next := 0; next < len(fs); {
		next = e.add(fs, next)
	}
	return e
}

// keyValues converts the arguments of LogKV.
func (t *Tracer) keyValues(kvs []any) *fieldEncoder {
	e := t.encoder()
	e.limit = t.limits.logValue
	if len(kvs)%2 != 0 {
		e.fail(fmt.Sprintf("%d keys and values: want an even number", len(kvs)))
		return e
	}
	for i := 0; i < min(len(kvs), 2*maxTags); i += 2 {
		key, ok := kvs[i].(string)
		if !ok {
			clear(e.tags)
			e.tags = e.tags[:0]
			e.fail(fmt.Sprintf("key %d is a %T: want a string", i/2, kvs[i]))
			return e
		}
		e.EmitObject(key, kvs[i+1])
	}
	return e
}

const logBytes, fieldBytes = wire.LogBytes, wire.FieldBytes

// size is about the memory that the fields take in a record.
func (e *fieldEncoder) size() uint64 {
	n := uint64(logBytes)
	for i := range e.tags {
		n += fieldBytes + uint64(len(e.tags[i].Key)) + uint64(len(e.tags[i].Str()))
	}
	return n
}

func (e *fieldEncoder) fail(text string) {
	e.text("error", text)
	e.text("function", "LogKV")
}

// add converts fs[next:] and returns where to go on: behind the end, or behind a
// field whose error or lazy logger panicked, which must not take the program
// with it.
func (e *fieldEncoder) add(fs []log.Field, next int) (after int) {
	defer func() {
		if p := recover(); p != nil {
			text := model.Any("", p, 200)
			e.text(fs[next].Key(), "!(panic: "+text.Text()+")")
			after = next + 1
		}
	}()
	for ; next < len(fs); next++ {
		fs[next].Marshal(e)
	}
	return next
}

// next returns where the next field goes, and its key.
func (e *fieldEncoder) next(key string) (*model.Tag, string) {
	if len(key) > maxNameLength {
		key = model.Truncate(key, maxNameLength)
	}
	n := len(e.tags)
	if n >= maxTags {
		return &e.spare, key
	}
	if n == cap(e.tags) {
		e.tags = slices.Grow(e.tags, 1)
	}
	e.tags = e.tags[:n+1]
	return &e.tags[n], key
}

func (e *fieldEncoder) text(key, value string) {
	tag, key := e.next(key)
	tag.SetString(key, value)
}

func (e *fieldEncoder) integer(key string, value int64) {
	tag, key := e.next(key)
	tag.SetInt64(key, value)
}

func (e *fieldEncoder) float(key string, value float64) {
	tag, key := e.next(key)
	tag.SetFloat64(key, value)
}

// EmitString implements log.Encoder.
func (e *fieldEncoder) EmitString(key, value string) {
	if len(value) > e.limit {
		value = model.Truncate(value, e.limit)
	}
	e.text(key, value)
}

// EmitBool implements log.Encoder.
func (e *fieldEncoder) EmitBool(key string, value bool) {
	tag, key := e.next(key)
	tag.SetBool(key, value)
}

// EmitInt implements log.Encoder.
func (e *fieldEncoder) EmitInt(key string, value int) { e.integer(key, int64(value)) }

// EmitInt32 implements log.Encoder.
func (e *fieldEncoder) EmitInt32(key string, value int32) { e.integer(key, int64(value)) }

// EmitInt64 implements log.Encoder.
func (e *fieldEncoder) EmitInt64(key string, value int64) { e.integer(key, value) }

// EmitUint32 implements log.Encoder.
func (e *fieldEncoder) EmitUint32(key string, value uint32) { e.integer(key, int64(value)) }

// EmitUint64 implements log.Encoder.
func (e *fieldEncoder) EmitUint64(key string, value uint64) { e.EmitObject(key, value) }

// EmitFloat32 implements log.Encoder.
func (e *fieldEncoder) EmitFloat32(key string, value float32) { e.float(key, float64(value)) }

// EmitFloat64 implements log.Encoder.
func (e *fieldEncoder) EmitFloat64(key string, value float64) { e.float(key, value) }

// EmitObject implements log.Encoder.
func (e *fieldEncoder) EmitObject(key string, value any) {
	converted := model.Any(key, value, e.limit) // may run code that uses e
	tag, key := e.next(key)
	*tag, tag.Key = converted, key
}

// EmitLazyLogger implements log.Encoder.
func (e *fieldEncoder) EmitLazyLogger(value log.LazyLogger) {
	if value != nil {
		e.lent = true
		value(e)
	}
}
