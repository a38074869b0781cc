// SPDX-License-Identifier: Apache-2.0

//go:build old

package main

// The old client, in go.mod for as long as this file is: all that its packages
// need to be loaded. The tag keeps them out of the command.
import (
	_ "github.com/uber/jaeger-client-go"
	_ "github.com/uber/jaeger-client-go/config"
	_ "github.com/uber/jaeger-client-go/log/zap"
	_ "github.com/uber/jaeger-client-go/rpcmetrics"
	_ "github.com/uber/jaeger-client-go/testutils"
	_ "github.com/uber/jaeger-client-go/transport"
	_ "github.com/uber/jaeger-client-go/transport/zipkin"
	_ "github.com/uber/jaeger-client-go/x"
	_ "github.com/uber/jaeger-client-go/zipkin"
)
