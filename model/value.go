// SPDX-License-Identifier: Apache-2.0

package model

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
)

// Any makes a tag of a value of any Go type. The value is read now, on the
// caller's goroutine, and never again: whatever it points to may change after
// the call, but not during it (a map written to by another goroutine meanwhile
// ends the program, as with fmt).
//
// What becomes of which type, first match wins:
//
//   - string, bool, every int and uint type, float32 and float64 keep their
//     type; an unsigned number above math.MaxInt64 becomes its decimal digits,
//     because Jaeger's integers are signed
//   - []byte becomes a binary tag with a copy
//   - nil becomes "<nil>"
//   - an error becomes Error(), a fmt.Stringer String()
//   - types made from string and []byte are treated as string and []byte
//   - the rest becomes text much as "%+v" of fmt writes it, but at most 64 KiB of
//     it, eight levels deep and 1000 elements of a list or map wide, "..."
//     standing for elements and levels left out; maps of up to 64 keys are
//     sorted, a pointer to a number, bool or string shows what it points to, and
//     fmt.Formatter is not asked
//
// maxLen limits strings, text and binary values to that many bytes, see
// Truncate; <= 0 means no limit.
//
// Methods of the value are called with recover: one that panics leaves
// "!(panic in String: boom)", and "<nil>" where the receiver was a nil pointer.
// What Go cannot recover from, such as a String method that calls itself for
// ever, Any cannot either. A method may call into the tracer, so Any must not be
// called with a lock held.
//
// Nothing is allocated for strings that fit, booleans and numbers.
func Any(key string, value any, maxLen int) (t Tag) {
	if t.Assign(key, value, maxLen) {
		return t
	}
	switch v := value.(type) {
	case string:
		return String(key, Truncate(v, maxLen))
	case []byte:
		return binary(key, v, maxLen)
	case nil:
		return String(key, Truncate("<nil>", maxLen))
	case error:
		return String(key, Truncate(errorText(v), maxLen))
	case fmt.Stringer:
		return String(key, Truncate(stringerText(v), maxLen))
	}
	return reflected(key, value, maxLen)
}

// Assign overwrites t with key and value and returns true if value is a boolean, a number
// of one of Go's own types or a string of at most maxLen bytes (<= 0 is no limit): those
// whose conversion runs no foreign code, does not depend on their size and may happen
// with a lock held. Else it leaves t alone. It writes in place, which for a tag in a
// list saves copying it twice.
func (t *Tag) Assign(key string, value any, maxLen int) bool {
	if v, ok := value.(string); ok { // most are: one comparison, where the switch jumps by a hash
		if maxLen > 0 && len(v) > maxLen {
			return false
		}
		t.SetString(key, v)
		return true
	}
	var num int64
	switch v := value.(type) {
	case bool:
		t.SetBool(key, v)
		return true
	case float64:
		t.SetFloat64(key, v)
		return true
	case float32:
		t.SetFloat64(key, float64(v))
		return true
	case int:
		num = int64(v)
	case int64:
		num = v
	case int32:
		num = int64(v)
	case int16:
		num = int64(v)
	case int8:
		num = int64(v)
	case uint8:
		num = int64(v)
	case uint16:
		num = int64(v)
	case uint32:
		num = int64(v)
	case uint64:
		return t.assignUnsigned(key, v, maxLen)
	case uint:
		return t.assignUnsigned(key, uint64(v), maxLen)
	case uintptr:
		return t.assignUnsigned(key, uint64(v), maxLen)
	default:
		return false
	}
	t.SetInt64(key, num)
	return true
}

func (t *Tag) assignUnsigned(key string, v uint64, maxLen int) bool {
	if v > math.MaxInt64 {
		t.SetString(key, Truncate(strconv.FormatUint(v, 10), maxLen))
	} else {
		t.SetInt64(key, int64(v))
	}
	return true
}

func binary(key string, v []byte, maxLen int) Tag {
	if maxLen > 0 && len(v) > maxLen {
		v = v[:maxLen]
	}
	return Binary(key, v)
}

func reflected(key string, value any, maxLen int) Tag {
	v := reflect.ValueOf(value)
	switch {
	case v.Kind() == reflect.String:
		return String(key, Truncate(v.String(), maxLen))
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		return binary(key, v.Bytes(), maxLen)
	}
	return String(key, formatText(v, maxLen))
}

func errorText(e error) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = panicText("Error", e, r)
		}
	}()
	return e.Error()
}

func stringerText(s fmt.Stringer) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = panicText("String", s, r)
		}
	}()
	return s.String()
}

func panicText(method string, receiver, r any) string {
	if v := reflect.ValueOf(receiver); v.Kind() == reflect.Pointer && v.IsNil() {
		return "<nil>"
	}
	return "!(panic in " + method + ": " + Truncate(panicValue(r), 256) + ")"
}

// panicValue calls a method of r at most once and then gives up on it: r may be
// the very value whose method panicked, and would again.
func panicValue(r any) (text string) {
	defer func() {
		if recover() != nil {
			text = reflect.TypeOf(r).String()
		}
	}()
	switch r := r.(type) {
	case string:
		return r
	case error:
		return r.Error()
	case fmt.Stringer:
		return r.String()
	}
	return formatPlain(r, 256)
}
