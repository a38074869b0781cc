// SPDX-License-Identifier: Apache-2.0

// Package native is how the packages of this module tell each other which parts
// of github.com/jaegerkit/jaeger stand behind theirs.
//
//	if n, ok := part.(native.Sender); ok {
//		sender := n.NativeSender(part) // nil: the part is not ours as it is
//	}
//
// What it promises: a program's own type that embeds one of ours, and changes a
// method, is not taken for ours: it is not itself the receiver that answers.
package native

import (
	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/transport"
)

// Sender is implemented by transports that send finished records. NativeSender
// returns nil unless self is the transport itself.
type Sender interface {
	NativeSender(self any) transport.Sender
}

// Observer is implemented by observers that stand for one of the library.
// NativeObserver returns nil unless self is the observer itself.
type Observer interface {
	NativeObserver(self any) jaeger.Observer
}

// What the root package sets when it is initialised, for packages that it cannot
// import and that need what it does not export.
var (
	// WithoutRecording is a TracerOption: a tracer with it passes contexts on and
	// records nothing.
	WithoutRecording any

	// FromModel makes a SpanContext.
	FromModel func(c model.SpanContext) any

	// ZipkinThrift returns the *zipkincore.Span of a record that has a process.
	ZipkinThrift func(r *model.Span) any

	// ExportRecord returns the record of a *Span, as Transport.Append sends it.
	ExportRecord func(span any) *model.Span
)
