// SPDX-License-Identifier: Apache-2.0

package metrics

// Snapshot is what one tracer has counted since it was made, except where a
// field says "now". Each field is the number of one series, but that
// reporter_spans sums up the causes of a loss.
//
// A count may fall, as that of unsampled spans does when one of them is forced
// later. What was pushed is not taken back: the series stands still until
// the count has caught up.
type Snapshot struct {
	TracesStartedSampled   uint64 // traces{state=started,sampled=y}: began here, recorded
	TracesStartedUnsampled uint64 // traces{state=started,sampled=n}
	TracesStartedDelayed   uint64 // traces{state=started,sampled=delayed}: began here, decided later
	TracesJoinedSampled    uint64 // traces{state=joined,sampled=y}: began elsewhere, recorded
	TracesJoinedUnsampled  uint64 // traces{state=joined,sampled=n}
	TracesJoinedDelayed    uint64 // traces{state=joined,sampled=delayed}: the sender left the decision to us, and it was put off

	SpansStartedSampled    uint64 // started_spans{sampled=y}
	SpansStartedUnsampled  uint64 // started_spans{sampled=n}
	SpansStartedDelayed    uint64 // started_spans{sampled=delayed}
	SpansFinishedSampled   uint64 // finished_spans{sampled=y}
	SpansFinishedUnsampled uint64 // finished_spans{sampled=n}
	SpansFinishedDelayed   uint64 // finished_spans{sampled=delayed}: finished while their trace was undecided
	SpansOpen              uint64 // gauge open_spans: recorded spans not finished now
	LateCalls              uint64 // late_calls: tags, logs, names and baggage lost because the span was finished

	DecodingErrors uint64 // span_context_decoding_errors: damaged contexts met by Extract

	ReporterSent             uint64 // reporter_spans{result=ok}
	ReporterDroppedQueueFull uint64 // reporter_dropped_spans{cause=queue_full}, part of reporter_spans{result=dropped}
	ReporterDroppedClosed    uint64 // reporter_dropped_spans{cause=closed}, part of reporter_spans{result=dropped}
	ReporterDroppedTooLarge  uint64 // reporter_dropped_spans{cause=too_large}, part of reporter_spans{result=err}
	ReporterDroppedEncode    uint64 // reporter_dropped_spans{cause=encode}, part of reporter_spans{result=err}
	ReporterDroppedTransport uint64 // reporter_dropped_spans{cause=transport}, part of reporter_spans{result=err}
	ReporterReduced          uint64 // reporter_reduced_spans: sent, but without all of their logs and tags
	ReporterQueueLength      uint64 // gauge reporter_queue_length: spans waiting or being sent now

	SamplerQueriesOK  uint64 // sampler_queries{result=ok}: answers from the sampling server
	SamplerQueriesErr uint64 // sampler_queries{result=err}
	SamplerUpdatesOK  uint64 // sampler_updates{result=ok}: strategies taken over
	SamplerUpdatesErr uint64 // sampler_updates{result=err}: answers that are no strategy

	BaggageUpdatesOK  uint64 // baggage_updates{result=ok}: items set on spans
	BaggageUpdatesErr uint64 // baggage_updates{result=err}: items refused
	BaggageTruncated  uint64 // baggage_truncations: items set with their value cut

	BaggageRestrictionsOK  uint64 // baggage_restrictions_updates{result=ok}: lists from the restrictions' server
	BaggageRestrictionsErr uint64 // baggage_restrictions_updates{result=err}

	DebugSpansThrottled uint64 // throttled_debug_spans: spans that were refused the debug flag
	ThrottlerUpdatesOK  uint64 // throttler_updates{result=ok}: credits from the throttling server
	ThrottlerUpdatesErr uint64 // throttler_updates{result=err}
}
