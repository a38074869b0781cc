// SPDX-License-Identifier: Apache-2.0

// Package spanlog turns the fields of a log into the text that Zipkin shows.
//
//	b, err := spanlog.MaterializeWithJSON([]log.Field{log.String("event", "retry")})
//	// b is "retry"; with a second field it would be {"event":"retry",...}
//
// What it promises: a panic in a lazy field, or in a method of a value, ends in
// the text and not in the program.
package spanlog

import (
	"encoding/json"
	"fmt"

	"github.com/opentracing/opentracing-go/log"
)

// MaterializeWithJSON returns the value of a log that has an event and nothing
// else, and of any other log a JSON object whose values are all text. Of two
// fields with one key the later counts.
func MaterializeWithJSON(logFields []log.Field) ([]byte, error) {
	m := texts{}
	for _, f := range logFields {
		m.take(f)
	}
	if event, ok := m["event"]; ok && len(m) == 1 {
		return []byte(event), nil
	}
	return json.Marshal(m)
}

// texts is a log.Encoder.
type texts map[string]string

func (m texts) take(f log.Field) {
	defer func() {
		if r := recover(); r != nil {
			m[f.Key()] = fmt.Sprintf("!(panic: %v)", r)
		}
	}()
	f.Marshal(m)
}

func (m texts) EmitString(key, value string)             { m[key] = value }
func (m texts) EmitBool(key string, value bool)          { m[key] = fmt.Sprint(value) }
func (m texts) EmitInt(key string, value int)            { m[key] = fmt.Sprint(value) }
func (m texts) EmitInt32(key string, value int32)        { m[key] = fmt.Sprint(value) }
func (m texts) EmitInt64(key string, value int64)        { m[key] = fmt.Sprint(value) }
func (m texts) EmitUint32(key string, value uint32)      { m[key] = fmt.Sprint(value) }
func (m texts) EmitUint64(key string, value uint64)      { m[key] = fmt.Sprint(value) }
func (m texts) EmitFloat32(key string, value float32)    { m[key] = fmt.Sprintf("%f", value) }
func (m texts) EmitFloat64(key string, value float64)    { m[key] = fmt.Sprintf("%f", value) }
func (m texts) EmitObject(key string, value interface{}) { m[key] = fmt.Sprintf("%+v", value) }

func (m texts) EmitLazyLogger(value log.LazyLogger) {
	if value != nil {
		value(m)
	}
}
