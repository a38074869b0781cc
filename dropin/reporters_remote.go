// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"context"
	"time"

	"github.com/jaegerkit/jaeger/model"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/transport"
	"github.com/uber/jaeger-lib/metrics"
)

const (
	defaultFlushInterval = reporter.DefaultFlushInterval
	shortestFlush        = time.Millisecond
)

// NewRemoteReporter returns a reporter that queues spans and hands them to sender,
// which it owns, on a goroutine of its own. A nil sender loses every span.
//
// Over a transport of this module the queue is the library's own, which holds
// encoded spans.
func NewRemoteReporter(sender Transport, opts ...ReporterOption) Reporter {
	var o reporterOptions
	for _, opt := range opts {
		if opt != nil {
			opt(&o)
		}
	}
	if o.flushInterval <= 0 {
		o.flushInterval = defaultFlushInterval
	}
	o.flushInterval = max(o.flushInterval, shortestFlush)
	if absent(o.logger) {
		o.logger = NullLogger
	}
	if o.metrics == nil {
		o.metrics = NewNullMetrics()
	}
	if sender == nil {
		return newRemoteReporter(nil, o)
	}
	if s := nativeSender(sender); s != nil {
		return newRemoteReporter(s, o)
	}
	return newAppendReporter(sender, o)
}

// remoteReporter is the library's own.
type remoteReporter struct {
	remote  *reporter.Remote
	metrics *Metrics
	pusher  *pusher // nil where nobody counts

	pushed reporter.Stats // of the pusher
}

func newRemoteReporter(sender transport.Sender, o reporterOptions) *remoteReporter {
	r := &remoteReporter{metrics: o.metrics, remote: reporter.NewRemote(sender, reporter.WithQueueSize(max(o.queueSize, 0)),
		reporter.WithFlushInterval(o.flushInterval), reporter.WithLogger(slogOf(o.logger)))}
	m := o.metrics
	gauge := m.ReporterQueueLength != nil && m.ReporterQueueLength != metrics.NullGauge
	if gauge || counting(m.ReporterSuccess, m.ReporterFailure, m.ReporterDropped) {
		r.pusher = newPusher(r.push)
	}
	return r
}

// push carries what was counted since the last time into the metrics.
func (r *remoteReporter) push() {
	now, was := r.remote.Stats(), r.pushed
	r.pushed = now
	lost := func(d reporter.Dropped) uint64 { return d.TooLarge + d.Encode + d.Transport }
	refused := func(d reporter.Dropped) uint64 { return d.QueueFull + d.Closed }
	inc(r.metrics.ReporterSuccess, now.Sent-was.Sent)
	inc(r.metrics.ReporterFailure, lost(now.Dropped)-lost(was.Dropped))
	inc(r.metrics.ReporterDropped, refused(now.Dropped)-refused(was.Dropped))
	if g := r.metrics.ReporterQueueLength; g != nil {
		g.Update(int64(now.Queued))
	}
}

// Report is for reporters of the program's own that hand spans on to this one.
func (r *remoteReporter) Report(span *Span) {
	if record := span.finished(); record != nil {
		r.remote.Report(record)
	}
}

// Close sends what is queued, for five seconds at most. Several calls are fine.
func (r *remoteReporter) Close() {
	_ = r.remote.Close() // told by the library's logger
	r.pusher.stop()
}

// behind is the library's reporter itself where nobody counts: then it may be given
// packed records.
func (r *remoteReporter) behind() reporter.Reporter {
	if r.pusher == nil {
		return r.remote
	}
	return sentRecords{r.remote, r}
}

// sentRecords is the library's reporter with the end of the counting.
type sentRecords struct {
	*reporter.Remote
	owner *remoteReporter
}

// Close implements reporter.Reporter.
func (s sentRecords) Close() error {
	defer s.owner.pusher.stop()
	return s.Remote.Close()
}

// Shutdown implements reporter.Shutdowner.
func (s sentRecords) Shutdown(ctx context.Context) error {
	defer s.owner.pusher.stop()
	return s.Remote.Shutdown(ctx)
}

var _ interface {
	reporter.Counter
	reporter.Flusher
	reporter.Shutdowner
	Report(*model.Span)
} = sentRecords{}
