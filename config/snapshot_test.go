// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"reflect"
	"testing"

	"github.com/jaegerkit/jaeger"
	"github.com/jaegerkit/jaeger/baggage"
	"github.com/jaegerkit/jaeger/config"
	"github.com/jaegerkit/jaeger/metrics"
	"github.com/jaegerkit/jaeger/reporter"
	"github.com/jaegerkit/jaeger/sampler"
	"github.com/jaegerkit/jaeger/throttle"
)

// Each count ends in the field that is its own: all are different here.
func TestEveryCountHasItsMetric(t *testing.T) {
	t.Parallel()
	by := func(n uint64) jaeger.BySampling {
		return jaeger.BySampling{Sampled: n, Unsampled: n + 1, Undecided: n + 2}
	}
	got := config.SnapshotOf(jaeger.Stats{
		TracesStarted: by(1), TracesJoined: by(4), SpansStarted: by(7), SpansFinished: by(10),
		Open: 13, LateCalls: 14, DecodingErrors: 15, BaggageSet: 16, BaggageRefused: 17, BaggageTruncated: 18, DebugThrottled: 19,
		Reporter: reporter.Stats{
			Sent: 20, Reduced: 21, Queued: 22,
			Dropped: reporter.Dropped{QueueFull: 23, Closed: 24, TooLarge: 25, Encode: 26, Transport: 27},
		},
	}, sampler.RemoteStats{QueriesOK: 28, QueriesFailed: 29, UpdatesOK: 30, UpdatesFailed: 31},
		baggage.RemoteStats{UpdatesOK: 32, UpdatesFailed: 33}, throttle.RemoteStats{UpdatesOK: 34, UpdatesFailed: 35})
	want := metrics.Snapshot{
		TracesStartedSampled: 1, TracesStartedUnsampled: 2, TracesStartedDelayed: 3,
		TracesJoinedSampled: 4, TracesJoinedUnsampled: 5, TracesJoinedDelayed: 6,
		SpansStartedSampled: 7, SpansStartedUnsampled: 8, SpansStartedDelayed: 9,
		SpansFinishedSampled: 10, SpansFinishedUnsampled: 11, SpansFinishedDelayed: 12,
		SpansOpen: 13, LateCalls: 14, DecodingErrors: 15,
		BaggageUpdatesOK: 16, BaggageUpdatesErr: 17, BaggageTruncated: 18, DebugSpansThrottled: 19,
		ReporterSent: 20, ReporterReduced: 21, ReporterQueueLength: 22,
		ReporterDroppedQueueFull: 23, ReporterDroppedClosed: 24, ReporterDroppedTooLarge: 25, ReporterDroppedEncode: 26, ReporterDroppedTransport: 27,
		SamplerQueriesOK: 28, SamplerQueriesErr: 29, SamplerUpdatesOK: 30, SamplerUpdatesErr: 31,
		BaggageRestrictionsOK: 32, BaggageRestrictionsErr: 33, ThrottlerUpdatesOK: 34, ThrottlerUpdatesErr: 35,
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	fields := reflect.ValueOf(got)
	for i := range fields.NumField() {
		if fields.Field(i).IsZero() {
			t.Errorf("nothing fills %s", fields.Type().Field(i).Name)
		}
	}
}
