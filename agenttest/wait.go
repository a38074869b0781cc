// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// The first errors tell the cause; the rest only repeat it.
const errorLimit = 100

// watch is what each server embeds: the lock over what came, and how others wait for it.
type watch struct {
	kind string        // fixed
	done chan struct{} // closed when nothing comes any more

	// mu is never held while decoding, writing or waiting.
	mu      sync.Mutex
	changed chan struct{} // closed at the next change of a result; nil while nobody waits
	errs    []error
	failed  int // packets dropped or requests failed, on request
}

// Wait returns nil as soon as cond is true. It asks at once, then after everything that comes and every Reset. cond is
// called on the caller's goroutine with no lock held and may use the server. When ctx ends first, or the server is closed,
// Wait returns an error; ctx's error is wrapped.
func (w *watch) Wait(ctx context.Context, cond func() bool) error {
	for {
		change := w.nextChange()
		if cond() {
			return nil
		}
		select {
		case <-change:
		case <-w.done:
			if cond() {
				return nil
			}
			return fmt.Errorf("the %s is closed", w.kind)
		case <-ctx.Done():
			return fmt.Errorf("waiting for the %s: %w", w.kind, ctx.Err())
		}
	}
}

// Errors returns what was wrong with what came and why it was refused, such as a packet that cannot be decoded, an
// impossible seqNo, or a failed TLS handshake: the first 100 such errors, in order of arrival.
func (w *watch) Errors() []error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.errs)
}

// nextChange returns a channel that is closed when a result changes after this call.
func (w *watch) nextChange() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.changed == nil {
		w.changed = make(chan struct{})
	}
	return w.changed
}

// notify wakes everyone in Wait. The caller holds mu.
func (w *watch) notify() {
	if w.changed != nil {
		close(w.changed)
		w.changed = nil
	}
}

// note keeps an error. The caller holds mu.
func (w *watch) note(err error) {
	if len(w.errs) < errorLimit {
		w.errs = append(w.errs, err)
	}
}

// short adds to the error of a wait what was wanted, what is there and, if any, the latest error kept.
func (w *watch) short(err error, format string, args ...any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err = fmt.Errorf("agenttest: %s: %w", fmt.Sprintf(format, args...), err)
	if last := len(w.errs) - 1; last >= 0 {
		err = fmt.Errorf("%w; last error: %w", err, w.errs[last])
	}
	return err
}
