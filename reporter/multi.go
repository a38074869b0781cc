// SPDX-License-Identifier: Apache-2.0

package reporter

import (
	"context"
	"errors"
	"fmt"

	"github.com/jaegerkit/jaeger/model"
)

// Multi hands each span to several reporters. All of them see the same record.
type Multi struct{ reporters []Reporter }

// NewMulti returns a reporter over reporters, which it owns; nil ones are left
// out. The first is the one whose Stats count.
func NewMulti(reporters ...Reporter) *Multi {
	m := &Multi{}
	for _, r := range reporters {
		if r != nil {
			m.reporters = append(m.reporters, r)
		}
	}
	return m
}

// Report implements Reporter.
func (m *Multi) Report(span *model.Span) {
	if span == nil {
		return
	}
	if len(m.reporters) == 0 {
		span.Release()
		return
	}
	span.Share(len(m.reporters) - 1)
	for _, r := range m.reporters {
		r.Report(span)
	}
}

// Flush implements Flusher for those that hold spans back.
func (m *Multi) Flush(ctx context.Context) error {
	return m.each(func(r Reporter) error {
		if f, ok := r.(Flusher); ok {
			return f.Flush(ctx)
		}
		return nil
	})
}

// Close closes all reporters and joins their errors.
func (m *Multi) Close() error {
	return m.each(Reporter.Close)
}

// Shutdown implements Shutdowner. The reporters share the deadline and use it
// at the same time; one that is no Shutdowner is waited for.
func (m *Multi) Shutdown(ctx context.Context) error {
	return m.each(func(r Reporter) error {
		if s, ok := r.(Shutdowner); ok {
			return s.Shutdown(ctx)
		}
		return r.Close()
	})
}

// each calls f for all reporters at once, so that one that has to wait does not
// use up the time of the others. A panic on a goroutine of ours would end the
// host process, whatever its caller does; it becomes an error.
func (m *Multi) each(f func(Reporter) error) error {
	errs := make([]error, len(m.reporters))
	done := make(chan struct{})
	for i, r := range m.reporters {
		go func() {
			defer func() {
				if p := recover(); p != nil {
					errs[i] = fmt.Errorf("panic in %T: %v", r, p)
				}
				done <- struct{}{}
			}()
			errs[i] = f(r)
		}()
	}
	for range m.reporters {
		<-done
	}
	return errors.Join(errs...)
}

// Stats implements Counter with the counts of the first reporter; ask the
// others for theirs.
func (m *Multi) Stats() Stats {
	if len(m.reporters) > 0 {
		if c, ok := m.reporters[0].(Counter); ok {
			return c.Stats()
		}
	}
	return Stats{}
}
