// SPDX-License-Identifier: Apache-2.0

package sampler_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/jaegerkit/jaeger/sampler"
)

// patience ends a test that would hang; no test that passes waits for it.
const patience = 20 * time.Second

const (
	allAnswer  = `{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1}}`
	noneAnswer = `{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0}}`
	opsAnswer  = `{"operationSampling":{"defaultSamplingProbability":0,"defaultLowerBoundTracesPerSecond":1e-7,
		"perOperationStrategies":[{"operation":"listed","probabilisticSampling":{"samplingRate":1}}]}}`
	slowAnswer = `{"strategyType":1,"rateLimitingSampling":{"maxTracesPerSecond":1e-7}}`
)

// script is a sampling server without a network: it answers when told to, and
// the question after an answer shows that the answer was dealt with.
type script struct {
	tb    testing.TB
	asked chan struct{}
	says  chan func() ([]byte, error)
}

func newScript(tb testing.TB) *script {
	return &script{tb, make(chan struct{}), make(chan func() ([]byte, error))}
}

func (s *script) fetch(ctx context.Context) ([]byte, error) {
	select {
	case s.asked <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case say := <-s.says:
		return say()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// await takes a question.
func (s *script) await() {
	s.tb.Helper()
	select {
	case <-s.asked:
	case <-time.After(patience):
		s.tb.Fatal("no question came")
	}
}

// do answers the present question and waits for the next.
func (s *script) do(say func() ([]byte, error)) {
	s.tb.Helper()
	s.says <- say
	s.await()
}

func (s *script) answer(body string) {
	s.tb.Helper()
	s.do(func() ([]byte, error) { return []byte(body), nil })
}

func (s *script) fail(err error) {
	s.tb.Helper()
	s.do(func() ([]byte, error) { return nil, err })
}

// startRemote starts a remote sampler that asks often, quietly, and is closed
// with the test.
func startRemote(tb testing.TB, opts ...sampler.RemoteOption) *sampler.Remote {
	tb.Helper()
	r, err := sampler.NewRemote("shop", append([]sampler.RemoteOption{
		sampler.WithInterval(time.Millisecond), sampler.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
	}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := r.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	return r
}
