// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	apache "github.com/apache/thrift/lib/go/thrift"
)

// Numeric is a number of JSON, or null.
type Numeric interface {
	Int64() int64
	Int32() int32
	Int16() int16
	Byte() byte
	Int() int
	Float64() float64
	Float32() float32
	String() string
	isNull() bool
}

// Some numbers.
var (
	INFINITY          = number(apache.INFINITY)
	NEGATIVE_INFINITY = number(apache.NEGATIVE_INFINITY)
	NAN               = number(apache.NAN)
	ZERO              = number(apache.ZERO)
	NUMERIC_NULL      = null(apache.NUMERIC_NULL)
)

type numeric struct {
	apache.Numeric
	none bool
}

func (n numeric) isNull() bool { return n.none }

func number(n apache.Numeric) Numeric { return numeric{n, false} }
func null(n apache.Numeric) Numeric   { return numeric{n, true} }

// NewNumericFromDouble returns dValue.
func NewNumericFromDouble(dValue float64) Numeric { return number(apache.NewNumericFromDouble(dValue)) }

// NewNumericFromI64 returns iValue.
func NewNumericFromI64(iValue int64) Numeric { return number(apache.NewNumericFromI64(iValue)) }

// NewNumericFromI32 returns iValue.
func NewNumericFromI32(iValue int32) Numeric { return number(apache.NewNumericFromI32(iValue)) }

// NewNumericFromString reads sValue, zero where it is no number.
func NewNumericFromString(sValue string) Numeric { return number(apache.NewNumericFromString(sValue)) }

// NewNumericFromJSONString reads sValue, or returns null.
func NewNumericFromJSONString(sValue string, isNull bool) Numeric {
	if isNull {
		return NewNullNumeric()
	}
	return number(apache.NewNumericFromJSONString(sValue, false))
}

// NewNullNumeric returns null.
func NewNullNumeric() Numeric { return null(apache.NewNullNumeric()) }
