// SPDX-License-Identifier: Apache-2.0

// Package jaeger is the surface of jaeger-client-go over github.com/jaegerkit/jaeger:
// a program built against the old client runs on the new one after one line in
// its go.mod.
//
//	cfg, err := config.FromEnv()
//	if err != nil {
//		return err
//	}
//	tracer, closer, err := cfg.NewTracer()
//	defer closer.Close()
//
// What it promises: every exported name of v2.30.0, with its meaning. A tracer
// whose sampler, reporter and transport are the ones built in, and which has no
// observers but that of package rpcmetrics, runs on the new library as it is, for
// one allocation a span at most. With a SamplerV2, a Reporter or an observer of the
// program's own, spans keep the values they were given and can be read after Finish, as
// they could before. No call panics, on nil and zero values neither.
package jaeger
