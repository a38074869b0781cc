// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"fmt"
	"sync"

	"github.com/opentracing/opentracing-go/log"

	"github.com/jaegerkit/jaeger/model"
)

// fieldEncoder turns the fields of one log into tags, outside of the span's
// lock because their values' methods may use the span. It implements
// log.Encoder. Reused, so that a log costs no allocation.
type fieldEncoder struct {
	tags  []model.Tag
	limit int  // bytes of a value
	lent  bool // a lazy logger saw the encoder, and may have kept it
}

var encoders = sync.Pool{New: func() any { return &fieldEncoder{tags: make([]model.Tag, 0, 8)} }}

// fields converts fs; the caller gives the result back with release.
func (t *Tracer) fields(fs []log.Field) *fieldEncoder {
	e := encoders.Get().(*fieldEncoder)
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
	e := encoders.Get().(*fieldEncoder)
	e.limit = t.limits.logValue
	if len(kvs)%2 != 0 {
		e.fail(fmt.Sprintf("%d keys and values: want an even number", len(kvs)))
		return e
	}
	for i := 0; i < min(len(kvs), 2*maxTags); i += 2 {
		key, ok := kvs[i].(string)
		if !ok {
			e.tags = e.tags[:0]
			e.fail(fmt.Sprintf("key %d is a %T: want a string", i/2, kvs[i]))
			return e
		}
		e.EmitObject(key, kvs[i+1])
	}
	return e
}

// size is about the memory that the fields take in a record.
func (e *fieldEncoder) size() uint32 {
	n := 64
	for i := range e.tags {
		n += 48 + len(e.tags[i].Key) + len(e.tags[i].Str())
	}
	return uint32(n)
}

func (e *fieldEncoder) fail(text string) {
	e.put(model.String("error", text))
	e.put(model.String("function", "LogKV"))
}

func (e *fieldEncoder) release() {
	if cap(e.tags) > 64 || e.lent {
		return
	}
	// What is left behind is overwritten by the next log, or goes with the pool.
	if len(e.tags) > 16 {
		clear(e.tags[16:])
	}
	e.tags = e.tags[:0]
	encoders.Put(e)
}

// add converts fs[next:] and returns where to go on: behind the end, or behind a
// field whose error or lazy logger panicked, which must not take the program
// with it.
func (e *fieldEncoder) add(fs []log.Field, next int) (after int) {
	defer func() {
		if p := recover(); p != nil {
			text := model.Any("", p, 200)
			e.put(model.String(fs[next].Key(), "!(panic: "+text.Text()+")"))
			after = next + 1
		}
	}()
	for ; next < len(fs); next++ {
		fs[next].Marshal(e)
	}
	return next
}

func (e *fieldEncoder) put(tag model.Tag) {
	if len(tag.Key) > maxNameLength {
		tag.Key = model.Truncate(tag.Key, maxNameLength)
	}
	if len(e.tags) < maxTags {
		e.tags = append(e.tags, tag)
	}
}

// EmitString implements log.Encoder.
func (e *fieldEncoder) EmitString(key, value string) {
	if len(value) > e.limit {
		value = model.Truncate(value, e.limit)
	}
	e.put(model.String(key, value))
}

// EmitBool implements log.Encoder.
func (e *fieldEncoder) EmitBool(key string, value bool) { e.put(model.Bool(key, value)) }

// EmitInt implements log.Encoder.
func (e *fieldEncoder) EmitInt(key string, value int) { e.put(model.Int64(key, int64(value))) }

// EmitInt32 implements log.Encoder.
func (e *fieldEncoder) EmitInt32(key string, value int32) { e.put(model.Int64(key, int64(value))) }

// EmitInt64 implements log.Encoder.
func (e *fieldEncoder) EmitInt64(key string, value int64) { e.put(model.Int64(key, value)) }

// EmitUint32 implements log.Encoder.
func (e *fieldEncoder) EmitUint32(key string, value uint32) { e.put(model.Int64(key, int64(value))) }

// EmitUint64 implements log.Encoder.
func (e *fieldEncoder) EmitUint64(key string, value uint64) { e.EmitObject(key, value) }

// EmitFloat32 implements log.Encoder.
func (e *fieldEncoder) EmitFloat32(key string, value float32) {
	e.put(model.Float64(key, float64(value)))
}

// EmitFloat64 implements log.Encoder.
func (e *fieldEncoder) EmitFloat64(key string, value float64) { e.put(model.Float64(key, value)) }

// EmitObject implements log.Encoder.
func (e *fieldEncoder) EmitObject(key string, value any) { e.put(model.Any(key, value, e.limit)) }

// EmitLazyLogger implements log.Encoder.
func (e *fieldEncoder) EmitLazyLogger(value log.LazyLogger) {
	if value != nil {
		e.lent = true
		value(e)
	}
}
