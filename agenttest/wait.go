// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"context"
	"errors"
	"fmt"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
)

// WaitSpans returns all spans received since Start or the latest Reset as soon as there are n or more. When ctx ends or
// the agent is closed before that, it returns the spans that did come and an error that says how many, what happened to
// other packets, and wraps ctx's error. With WithCountOnly it waits as usual and returns no spans.
func (a *Agent) WaitSpans(ctx context.Context, n int) ([]*jaeger.Span, error) {
	err := a.Wait(ctx, func() bool { return a.SpanCount() >= int64(n) })
	if err == nil {
		return a.Spans(), nil
	}
	a.mu.Lock()
	r := &a.results
	err = fmt.Errorf("agenttest: want %d spans, got %d in %d packets (%d rejected, %d dropped on request): %w",
		n, r.spanCount, r.packets, r.rejected, r.dropped, err)
	if last := len(r.errs) - 1; last >= 0 {
		err = fmt.Errorf("%w; last error: %w", err, r.errs[last])
	}
	a.mu.Unlock()
	return a.Spans(), err
}

// Wait returns nil as soon as cond is true. It asks at once, then after every packet and Reset. cond is called on the
// caller's goroutine with no lock held and may use the agent. When ctx ends first, or the agent is closed, Wait returns an
// error; ctx's error is wrapped.
func (a *Agent) Wait(ctx context.Context, cond func() bool) error {
	for {
		change := a.nextChange()
		if cond() {
			return nil
		}
		select {
		case <-change:
		case <-a.done:
			if cond() {
				return nil
			}
			return errors.New("the agent is closed")
		case <-ctx.Done():
			return fmt.Errorf("waiting for the agent: %w", ctx.Err())
		}
	}
}

// nextChange returns a channel that is closed when a result changes after this call.
func (a *Agent) nextChange() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.changed == nil {
		a.changed = make(chan struct{})
	}
	return a.changed
}

// notify wakes everyone in Wait. The caller holds mu.
func (a *Agent) notify() {
	if a.changed != nil {
		close(a.changed)
		a.changed = nil
	}
}
