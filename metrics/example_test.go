// SPDX-License-Identifier: Apache-2.0

package metrics_test

import (
	"fmt"

	"github.com/jaegerkit/jaeger/metrics"
)

func ExampleNew() {
	backend := newBackend() // for one of Prometheus: prometheus.New() of jaeger-lib
	exporter, err := metrics.New(backend.factory(), func() metrics.Snapshot {
		return metrics.Snapshot{ReporterSent: 41, ReporterDroppedQueueFull: 1}
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	exporter.Close()
	fmt.Println(backend.state())
	// Output:
	// jaeger.tracer.reporter_dropped_spans{cause=queue_full} 1
	// jaeger.tracer.reporter_spans{result=dropped} 1
	// jaeger.tracer.reporter_spans{result=ok} 41
}
