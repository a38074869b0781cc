// SPDX-License-Identifier: Apache-2.0

// Package thrift appends values in Thrift's compact and binary encodings to a
// byte slice: the parts of them that Jaeger's messages need, and nothing else.
//
//	b = append(b, thrift.Field(1, thrift.Binary)) // compact: field 1 of a struct
//	b = thrift.AppendString(b, "checkout")
//	b = append(b, thrift.Field(1, thrift.List)) // field 2: one further
//	b = thrift.AppendList(b, len(tags), thrift.Struct)
//
//	b = thrift.AppendStringField(b, 1, "checkout") // binary: whole fields
//	b = append(thrift.AppendListField(b, 2, 0), thrift.Stop)
//
// What it promises: no reflection, no interface, no error and no allocation
// beyond the slice's own growth; byte for byte what apache/thrift writes, which
// is the referee in the tests. The formats are described in
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
// and thrift-binary-protocol.md beside it.
package thrift

// Type is the type of a field or list element in the compact encoding. A bool
// field has its value for a type.
type Type byte

const (
	True   Type = 1
	False  Type = 2
	I32    Type = 5
	I64    Type = 6
	Double Type = 7
	Binary Type = 8 // strings too
	List   Type = 9
	Struct Type = 12
)

// Stop ends a struct, in both encodings.
const Stop = 0

// Field returns the header of a field whose id is delta, 1 to 15, above that of
// the field before it, or above zero for a struct's first one.
func Field(delta int, t Type) byte { return byte(delta)<<4 | byte(t) }
