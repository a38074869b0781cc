// SPDX-License-Identifier: Apache-2.0

package agenttest_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jaegerkit/jaeger/agenttest"
)

func TestWaitSpansGivesUp(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t)
	send := dial(t, a.Addr())
	must(t, send(call(t, compact, batchOf(1, "op"))))
	must(t, send([]byte("x")))
	must(t, a.Wait(testContext(t), func() bool { return a.Packets() == 2 }))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	spans, err := a.WaitSpans(ctx, 5)
	if len(spans) != 1 || !errors.Is(err, context.Canceled) {
		t.Fatalf("got %d spans, error %v, want 1 span and context.Canceled", len(spans), err)
	}
	for _, want := range []string{"want 5 spans, got 1 in 2 packets (1 rejected, 0 dropped on request)", "last error: packet 2, 1 bytes"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error\ngot  %s\nwant ...%s...", err, want)
		}
	}
	if _, err := a.WaitSpans(ctx, 1); err != nil {
		t.Errorf("spans that are there, context canceled: got error %v, want none", err)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	a := agenttest.New(t)
	send := dial(t, a.Addr())
	must(t, send(call(t, compact, batchOf(1, "op"))))
	_, err := a.WaitSpans(testContext(t), 1)
	must(t, err)
	waiting := make(chan error, 1)
	go func() {
		_, err := a.WaitSpans(context.Background(), 2)
		waiting <- err
	}()
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := a.Close(); err != nil {
				t.Errorf("Close: got %v, want no error", err)
			}
		}()
	}
	wg.Wait()
	if err := <-waiting; err == nil || !strings.Contains(err.Error(), "want 2 spans, got 1 in 1 packets") || !strings.Contains(err.Error(), "closed") {
		t.Errorf("WaitSpans across Close: got %v, want an error that counts and says closed", err)
	}
	a.GoAway()
	a.Drop(1)
	expect(t, a, counts{packets: 1, spans: 1})
	a.Reset()
	expect(t, a, counts{})
}
