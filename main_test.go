// SPDX-License-Identifier: Apache-2.0

package jaeger_test

import (
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newTracer returns a tracer that keeps its spans in memory.
func newTracer(t testing.TB, opts ...jaeger.Option) (*jaeger.Tracer, *reporter.Memory) {
	t.Helper()
	kept := reporter.NewMemory()
	tracer, err := jaeger.New("svc", kept, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tracer.Close() })
	return tracer, kept
}

// only returns the one span that was reported.
func only(t testing.TB, kept *reporter.Memory) *model.Span {
	t.Helper()
	spans := kept.Spans()
	if len(spans) != 1 {
		t.Fatalf("got %d spans, want 1", len(spans))
	}
	return spans[0]
}

// text lists tags as key=kind(value) in the order they were set.
func text(tags []model.Tag) string {
	var b strings.Builder
	for i := range tags {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%s=%v(%s)", tags[i].Key, tags[i].Kind(), tags[i].Text())
	}
	return b.String()
}

// set lists the tags that the user set, without what the sampler says.
func set(span *model.Span) string {
	var tags []model.Tag
	for _, tag := range span.Tags {
		if !strings.HasPrefix(tag.Key, "sampler.") {
			tags = append(tags, tag)
		}
	}
	return text(tags)
}
