// SPDX-License-Identifier: Apache-2.0

package metrics

// row is one series. Rows of one name have the same tag keys and the same help,
// as Prometheus demands.
type row struct {
	name  string
	tags  []string // key, value, key, value
	help  string
	gauge bool
	value func(*Snapshot) uint64
}

func tags(pairs ...string) []string { return pairs }

const (
	helpTraces       = "Traces that began in this process or were joined by it, by sampling decision."
	helpStarted      = "Spans started, by sampling decision."
	helpFinished     = "Spans finished, by sampling decision."
	helpReporter     = "Spans by what became of them: delivered, failed on the way, or dropped by the client."
	helpDropped      = "Spans lost, by the cause of their loss."
	helpQueries      = "Questions to the sampling server, by outcome."
	helpUpdates      = "Answers of the sampling server, by whether they could be used."
	helpBaggage      = "Baggage items set on spans, by whether they were allowed."
	helpRestrictions = "Questions for the list of allowed baggage, by outcome."
	helpThrottler    = "Questions for debug credits, by outcome."
)

// table has first the names of jaeger-client-go, down to throttler_updates, then
// what that client did not count. sampled=delayed is its own value in traces,
// which the old client counted as n.
var table = []row{
	{name: "traces", tags: tags("state", "started", "sampled", "y"), help: helpTraces, value: func(s *Snapshot) uint64 { return s.TracesStartedSampled }},
	{name: "traces", tags: tags("state", "started", "sampled", "n"), help: helpTraces, value: func(s *Snapshot) uint64 { return s.TracesStartedUnsampled }},
	{name: "traces", tags: tags("state", "started", "sampled", "delayed"), help: helpTraces, value: func(s *Snapshot) uint64 { return s.TracesStartedDelayed }},
	{name: "traces", tags: tags("state", "joined", "sampled", "y"), help: helpTraces, value: func(s *Snapshot) uint64 { return s.TracesJoinedSampled }},
	{name: "traces", tags: tags("state", "joined", "sampled", "n"), help: helpTraces, value: func(s *Snapshot) uint64 { return s.TracesJoinedUnsampled }},
	{name: "traces", tags: tags("state", "joined", "sampled", "delayed"), help: helpTraces, value: func(s *Snapshot) uint64 { return s.TracesJoinedDelayed }},
	{name: "started_spans", tags: tags("sampled", "y"), help: helpStarted, value: func(s *Snapshot) uint64 { return s.SpansStartedSampled }},
	{name: "started_spans", tags: tags("sampled", "n"), help: helpStarted, value: func(s *Snapshot) uint64 { return s.SpansStartedUnsampled }},
	{name: "started_spans", tags: tags("sampled", "delayed"), help: helpStarted, value: func(s *Snapshot) uint64 { return s.SpansStartedDelayed }},
	{name: "finished_spans", tags: tags("sampled", "y"), help: helpFinished, value: func(s *Snapshot) uint64 { return s.SpansFinishedSampled }},
	{name: "finished_spans", tags: tags("sampled", "n"), help: helpFinished, value: func(s *Snapshot) uint64 { return s.SpansFinishedUnsampled }},
	{name: "finished_spans", tags: tags("sampled", "delayed"), help: helpFinished, value: func(s *Snapshot) uint64 { return s.SpansFinishedDelayed }},
	{name: "span_context_decoding_errors", help: "Damaged span contexts met by Extract.", value: func(s *Snapshot) uint64 { return s.DecodingErrors }},
	{name: "reporter_spans", tags: tags("result", "ok"), help: helpReporter, value: func(s *Snapshot) uint64 { return s.ReporterSent }},
	{name: "reporter_spans", tags: tags("result", "err"), help: helpReporter, value: (*Snapshot).failed},
	{name: "reporter_spans", tags: tags("result", "dropped"), help: helpReporter, value: (*Snapshot).refused},
	{name: "reporter_queue_length", gauge: true, help: "Spans waiting to be sent.", value: func(s *Snapshot) uint64 { return s.ReporterQueueLength }},
	{name: "sampler_queries", tags: tags("result", "ok"), help: helpQueries, value: func(s *Snapshot) uint64 { return s.SamplerQueriesOK }},
	{name: "sampler_queries", tags: tags("result", "err"), help: helpQueries, value: func(s *Snapshot) uint64 { return s.SamplerQueriesErr }},
	{name: "sampler_updates", tags: tags("result", "ok"), help: helpUpdates, value: func(s *Snapshot) uint64 { return s.SamplerUpdatesOK }},
	{name: "sampler_updates", tags: tags("result", "err"), help: helpUpdates, value: func(s *Snapshot) uint64 { return s.SamplerUpdatesErr }},
	{name: "baggage_updates", tags: tags("result", "ok"), help: helpBaggage, value: func(s *Snapshot) uint64 { return s.BaggageUpdatesOK }},
	{name: "baggage_updates", tags: tags("result", "err"), help: helpBaggage, value: func(s *Snapshot) uint64 { return s.BaggageUpdatesErr }},
	{name: "baggage_truncations", help: "Baggage items whose value was cut.", value: func(s *Snapshot) uint64 { return s.BaggageTruncated }},
	{name: "baggage_restrictions_updates", tags: tags("result", "ok"), help: helpRestrictions, value: func(s *Snapshot) uint64 { return s.BaggageRestrictionsOK }},
	{name: "baggage_restrictions_updates", tags: tags("result", "err"), help: helpRestrictions, value: func(s *Snapshot) uint64 { return s.BaggageRestrictionsErr }},
	{name: "throttled_debug_spans", help: "Spans that were refused the debug flag.", value: func(s *Snapshot) uint64 { return s.DebugSpansThrottled }},
	{name: "throttler_updates", tags: tags("result", "ok"), help: helpThrottler, value: func(s *Snapshot) uint64 { return s.ThrottlerUpdatesOK }},
	{name: "throttler_updates", tags: tags("result", "err"), help: helpThrottler, value: func(s *Snapshot) uint64 { return s.ThrottlerUpdatesErr }},

	{name: "reporter_dropped_spans", tags: tags("cause", "queue_full"), help: helpDropped, value: func(s *Snapshot) uint64 { return s.ReporterDroppedQueueFull }},
	{name: "reporter_dropped_spans", tags: tags("cause", "closed"), help: helpDropped, value: func(s *Snapshot) uint64 { return s.ReporterDroppedClosed }},
	{name: "reporter_dropped_spans", tags: tags("cause", "too_large"), help: helpDropped, value: func(s *Snapshot) uint64 { return s.ReporterDroppedTooLarge }},
	{name: "reporter_dropped_spans", tags: tags("cause", "encode"), help: helpDropped, value: func(s *Snapshot) uint64 { return s.ReporterDroppedEncode }},
	{name: "reporter_dropped_spans", tags: tags("cause", "transport"), help: helpDropped, value: func(s *Snapshot) uint64 { return s.ReporterDroppedTransport }},
	{name: "reporter_reduced_spans", help: "Spans sent without all of their logs and tags, to fit a packet.", value: func(s *Snapshot) uint64 { return s.ReporterReduced }},
	{name: "late_calls", help: "Tags, logs, names and baggage lost because the span was finished.", value: func(s *Snapshot) uint64 { return s.LateCalls }},
	{name: "open_spans", gauge: true, help: "Recorded spans not finished yet.", value: func(s *Snapshot) uint64 { return s.SpansOpen }},
}

// failed are the spans that the client tried to deliver.
func (s *Snapshot) failed() uint64 {
	return s.ReporterDroppedTooLarge + s.ReporterDroppedEncode + s.ReporterDroppedTransport
}

// refused are those it did not try.
func (s *Snapshot) refused() uint64 { return s.ReporterDroppedQueueFull + s.ReporterDroppedClosed }
