// SPDX-License-Identifier: Apache-2.0

package jaeger

import "time"

// ReporterOption configures NewRemoteReporter.
type ReporterOption func(c *reporterOptions)

// ReporterOptions has the ReporterOptions for its methods.
var ReporterOptions reporterOptions

type reporterOptions struct {
	queueSize     int // 0 for the default
	flushInterval time.Duration
	logger        Logger
	metrics       *Metrics
}

// QueueSize sets how many spans may wait. By default, also for 0 and less, it is
// their memory that is bounded, by 32 MiB.
func (reporterOptions) QueueSize(queueSize int) ReporterOption {
	return func(o *reporterOptions) { o.queueSize = queueSize }
}

// BufferFlushInterval sets how long a span waits at most; default, also for 0 and
// less, a second.
func (reporterOptions) BufferFlushInterval(bufferFlushInterval time.Duration) ReporterOption {
	return func(o *reporterOptions) { o.flushInterval = bufferFlushInterval }
}

// Logger is told of losses, in a line a minute at most; default none.
func (reporterOptions) Logger(logger Logger) ReporterOption {
	return func(o *reporterOptions) { o.logger = logger }
}

// Metrics counts spans sent and lost; default nowhere.
func (reporterOptions) Metrics(metrics *Metrics) ReporterOption {
	return func(o *reporterOptions) { o.metrics = metrics }
}
