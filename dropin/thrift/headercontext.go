// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"context"

	apache "github.com/apache/thrift/lib/go/thrift"
)

// SetHeader returns a context with a header, read or to be written.
func SetHeader(ctx context.Context, key, value string) context.Context {
	return apache.SetHeader(ctx, key, value)
}

// UnsetHeader returns a context without it.
func UnsetHeader(ctx context.Context, key string) context.Context {
	return apache.UnsetHeader(ctx, key)
}

// GetHeader returns a header of the context.
func GetHeader(ctx context.Context, key string) (value string, ok bool) {
	return apache.GetHeader(ctx, key)
}

// SetReadHeaderList returns a context that lists the headers a frame came with.
func SetReadHeaderList(ctx context.Context, keys []string) context.Context {
	return apache.SetReadHeaderList(ctx, keys)
}

// GetReadHeaderList returns that list.
func GetReadHeaderList(ctx context.Context) []string { return apache.GetReadHeaderList(ctx) }

// SetWriteHeaderList returns a context that lists the headers to be written.
func SetWriteHeaderList(ctx context.Context, keys []string) context.Context {
	return apache.SetWriteHeaderList(ctx, keys)
}

// GetWriteHeaderList returns that list.
func GetWriteHeaderList(ctx context.Context) []string { return apache.GetWriteHeaderList(ctx) }

// AddReadTHeaderToContext returns a context with all headers of a frame, and
// their list.
func AddReadTHeaderToContext(ctx context.Context, headers THeaderMap) context.Context {
	return apache.AddReadTHeaderToContext(ctx, apache.THeaderMap(headers))
}

// TResponseHelper lets a handler set headers of its answer.
type TResponseHelper struct {
	*THeaderResponseHelper
}

// THeaderResponseHelper is that of THeader; over other protocols, and where it
// is nil, it does nothing.
type THeaderResponseHelper struct {
	proto *THeaderProtocol
}

// NewTHeaderResponseHelper returns one for a protocol.
func NewTHeaderResponseHelper(proto TProtocol) *THeaderResponseHelper {
	if p, ok := proto.(*THeaderProtocol); ok {
		return &THeaderResponseHelper{p}
	}
	return nil
}

// SetHeader sets a header of the answer.
func (h *THeaderResponseHelper) SetHeader(key, value string) {
	if h != nil && h.proto != nil {
		h.proto.SetWriteHeader(key, value)
	}
}

// ClearHeaders removes them all.
func (h *THeaderResponseHelper) ClearHeaders() {
	if h != nil && h.proto != nil {
		h.proto.ClearWriteHeaders()
	}
}

type responseHelperKey struct{}

// SetResponseHelper returns a context with helper.
func SetResponseHelper(ctx context.Context, helper TResponseHelper) context.Context {
	return context.WithValue(ctx, responseHelperKey{}, helper)
}

// GetResponseHelper returns the context's helper; without one, a helper that
// does nothing and false.
func GetResponseHelper(ctx context.Context) (helper TResponseHelper, ok bool) {
	helper, ok = ctx.Value(responseHelperKey{}).(TResponseHelper)
	return helper, ok
}
