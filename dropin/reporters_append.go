// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jaegerkit/jaeger/reporter"
)

// spansWaiting is how many spans wait for a Transport of the program's own, if
// nothing else is said.
const spansWaiting = 8192

// appendReporter queues spans for a Transport of the program's own, which one
// goroutine calls.
type appendReporter struct {
	sender  Transport
	options reporterOptions
	failing time.Time // when a failure was last told; of the goroutine
	unsaid  int       // failures since; of the goroutine

	queue  chan *Span
	mu     sync.RWMutex // held for reading while a span goes into the queue
	closed bool         // no more goes into the queue
	close  chan struct{}
	done   chan struct{} // closed when the goroutine has returned
	gone   atomic.Bool   // what is left is dropped
}

func newAppendReporter(sender Transport, o reporterOptions) *appendReporter {
	if o.queueSize <= 0 {
		o.queueSize = spansWaiting
	}
	r := &appendReporter{sender: sender, options: o, queue: make(chan *Span, o.queueSize),
		close: make(chan struct{}), done: make(chan struct{})}
	go r.run()
	return r
}

// Report never waits: a span that finds no room, or that comes after Close, is
// dropped and counted.
func (r *appendReporter) Report(span *Span) {
	if span == nil {
		return
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if !r.closed {
		select {
		case r.queue <- span.Retain():
			return
		default:
		}
	}
	inc(r.options.metrics.ReporterDropped, 1)
}

// Close has what is queued sent and then the transport closed, and waits for that,
// for five seconds at most. Several calls are fine.
func (r *appendReporter) Close() {
	r.mu.Lock()
	if !r.closed {
		r.closed = true
		close(r.close)
	}
	r.mu.Unlock()
	timer := time.NewTimer(reporter.DefaultCloseTimeout)
	defer timer.Stop()
	select {
	case <-r.done:
	case <-timer.C:
		r.gone.Store(true)
	}
}

func (r *appendReporter) run() {
	defer close(r.done)
	ticker := time.NewTicker(r.options.flushInterval)
	defer ticker.Stop()
	for {
		select {
		case span := <-r.queue:
			r.append(span)
		case <-ticker.C:
			r.flush()
		case <-r.close:
			r.drain()
			return
		}
	}
}

// drain is called when nothing comes into the queue any more.
func (r *appendReporter) drain() {
	for {
		select {
		case span := <-r.queue:
			if r.gone.Load() {
				inc(r.options.metrics.ReporterDropped, 1)
				continue
			}
			r.append(span)
			continue
		default:
		}
		r.flush()
		_, err := r.call(func() (int, error) { return 0, r.sender.Close() })
		if err != nil {
			r.options.logger.Error("closing the transport: " + err.Error())
		}
		return
	}
}

func (r *appendReporter) append(span *Span) {
	n, err := r.call(func() (int, error) { return r.sender.Append(span) })
	r.count(n, err)
	span.Release()
}

func (r *appendReporter) flush() {
	n, err := r.call(r.sender.Flush)
	r.count(n, err)
}

// call contains a panic of the transport's, which would end the process. The span
// it had is counted as lost; what it had gathered may be, too.
func (r *appendReporter) call(f func() (int, error)) (n int, err error) {
	defer func() {
		if p := recover(); p != nil {
			n, err = 1, fmt.Errorf("the transport panicked: %v", p)
		}
	}()
	return f()
}

func (r *appendReporter) count(n int, err error) {
	m := r.options.metrics
	if g := m.ReporterQueueLength; g != nil {
		g.Update(int64(len(r.queue)))
	}
	switch {
	case err != nil:
		inc(m.ReporterFailure, uint64(max(n, 0)))
		r.tell(n, err)
	case n > 0:
		inc(m.ReporterSuccess, uint64(n))
	}
}

// tell writes a line a minute at most.
func (r *appendReporter) tell(n int, err error) {
	r.unsaid++
	if !r.failing.IsZero() && time.Since(r.failing) < time.Minute {
		return
	}
	r.options.logger.Error(fmt.Sprintf("the transport failed %d times since the last line; now it lost %d spans: %v", r.unsaid, n, err))
	r.failing, r.unsaid = time.Now(), 0
}
