// SPDX-License-Identifier: Apache-2.0

package jaeger

// ParseStrategy opens the default SamplingStrategyParser.
var ParseStrategy = strategyParser{}.Parse
