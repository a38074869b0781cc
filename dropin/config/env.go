// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/opentracing/opentracing-go"

	"github.com/uber/jaeger-client-go"
)

const (
	envServiceName            = "JAEGER_SERVICE_NAME"
	envDisabled               = "JAEGER_DISABLED"
	envRPCMetrics             = "JAEGER_RPC_METRICS"
	envTags                   = "JAEGER_TAGS"
	env128bit                 = "JAEGER_TRACEID_128BIT"
	envSamplerType            = "JAEGER_SAMPLER_TYPE"
	envSamplerParam           = "JAEGER_SAMPLER_PARAM"
	envSamplingEndpoint       = "JAEGER_SAMPLING_ENDPOINT"
	envSamplerManagerHostPort = "JAEGER_SAMPLER_MANAGER_HOST_PORT"
	envSamplerMaxOperations   = "JAEGER_SAMPLER_MAX_OPERATIONS"
	envSamplerRefresh         = "JAEGER_SAMPLER_REFRESH_INTERVAL"
	envReporterMaxQueueSize   = "JAEGER_REPORTER_MAX_QUEUE_SIZE"
	envReporterFlushInterval  = "JAEGER_REPORTER_FLUSH_INTERVAL"
	envReporterLogSpans       = "JAEGER_REPORTER_LOG_SPANS"
	envReconnectingDisabled   = "JAEGER_REPORTER_ATTEMPT_RECONNECTING_DISABLED"
	envReconnectInterval      = "JAEGER_REPORTER_ATTEMPT_RECONNECT_INTERVAL"
	envEndpoint               = "JAEGER_ENDPOINT"
	envUser                   = "JAEGER_USER"
	envPassword               = "JAEGER_PASSWORD"
	envAgentHost              = "JAEGER_AGENT_HOST"
	envAgentPort              = "JAEGER_AGENT_PORT"
)

// FromEnv returns a configuration of the environment.
func FromEnv() (*Configuration, error) { return (&Configuration{}).FromEnv() }

// FromEnv sets what the environment has a variable for, and returns c. Variables
// that are empty count as not set. The error names all that make no sense; those
// leave their fields as they were.
func (c *Configuration) FromEnv() (*Configuration, error) {
	if c == nil {
		c = &Configuration{}
	}
	if c.Sampler == nil {
		c.Sampler = &SamplerConfig{}
	}
	if c.Reporter == nil {
		c.Reporter = &ReporterConfig{}
	}
	var e env
	text(&e, envServiceName, &c.ServiceName)
	read(&e, envRPCMetrics, &c.RPCMetrics, strconv.ParseBool)
	read(&e, envDisabled, &c.Disabled, strconv.ParseBool)
	read(&e, envTags, &c.Tags, parseTags)
	read(&e, env128bit, &c.Gen128Bit, strconv.ParseBool)
	c.Sampler.fromEnv(&e)
	c.Reporter.fromEnv(&e)
	if err := errors.Join(e.errs...); err != nil {
		return nil, err
	}
	return c, nil
}

// env gathers what is wrong with the environment.
type env struct{ errs []error }

// read sets field to what a variable says and reports whether it did.
func read[T any](e *env, name string, field *T, parse func(string) (T, error)) bool {
	value := os.Getenv(name)
	if value == "" {
		return false
	}
	parsed, err := parse(value)
	if err != nil {
		if reason := errors.Unwrap(err); reason != nil {
			err = reason // what strconv and net/url add is the value, once more
		}
		e.errs = append(e.errs, fmt.Errorf("environment variable %s=%.200q: %w", name, value, err))
		return false
	}
	*field = parsed
	return true
}

func text(e *env, name string, field *string) bool {
	return read(e, name, field, func(s string) (string, error) { return s, nil })
}

func (sc *SamplerConfig) fromEnv(e *env) {
	text(e, envSamplerType, &sc.Type)
	read(e, envSamplerParam, &sc.Param, func(s string) (float64, error) { return strconv.ParseFloat(s, 64) })
	var agent string
	switch {
	case text(e, envSamplingEndpoint, &sc.SamplingServerURL):
	case text(e, envSamplerManagerHostPort, &sc.SamplingServerURL):
	case text(e, envAgentHost, &agent):
		sc.SamplingServerURL = "http://" + hostPort(agent, jaeger.DefaultSamplingServerPort) + "/sampling"
	}
	read(e, envSamplerMaxOperations, &sc.MaxOperations, strconv.Atoi)
	read(e, envSamplerRefresh, &sc.SamplingRefreshInterval, time.ParseDuration)
}

func (rc *ReporterConfig) fromEnv(e *env) {
	read(e, envReporterMaxQueueSize, &rc.QueueSize, strconv.Atoi)
	read(e, envReporterFlushInterval, &rc.BufferFlushInterval, time.ParseDuration)
	read(e, envReporterLogSpans, &rc.LogSpans, strconv.ParseBool)
	if os.Getenv(envEndpoint) != "" {
		rc.collectorFromEnv(e)
		return
	}
	host, port := jaeger.DefaultUDPSpanServerHost, jaeger.DefaultUDPSpanServerPort
	hasHost := text(e, envAgentHost, &host)
	hasPort := read(e, envAgentPort, &port, strconv.Atoi)
	if hasHost || hasPort || rc.LocalAgentHostPort == "" {
		rc.LocalAgentHostPort = hostPort(host, port)
	}
	read(e, envReconnectingDisabled, &rc.DisableAttemptReconnecting, strconv.ParseBool)
	if !rc.DisableAttemptReconnecting {
		read(e, envReconnectInterval, &rc.AttemptReconnectInterval, time.ParseDuration)
	}
}

// collectorFromEnv takes user and password as they are, empty or not: they go with
// the endpoint.
func (rc *ReporterConfig) collectorFromEnv(e *env) {
	read(e, envEndpoint, &rc.CollectorEndpoint, func(s string) (string, error) {
		u, err := url.ParseRequestURI(s)
		if err != nil {
			return "", errors.New("want a URL such as http://collector:14268/api/traces")
		}
		return u.String(), nil
	})
	rc.User, rc.Password = os.Getenv(envUser), os.Getenv(envPassword)
	if (rc.User == "") != (rc.Password == "") {
		e.errs = append(e.errs, fmt.Errorf("environment variables %s and %s: want both or neither", envUser, envPassword))
	}
}

// hostPort takes an IPv6 address with or without brackets.
func hostPort(host string, port int) string {
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		host = host[1 : len(host)-1]
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}

// parseTags reads a=b,c=${VARIABLE:default}.
func parseTags(s string) ([]opentracing.Tag, error) {
	tags := []opentracing.Tag{}
	for _, pair := range strings.Split(s, ",") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fmt.Errorf("tag %.100q: want key=value", pair)
		}
		value = strings.TrimSpace(value)
		if name, isName := strings.CutPrefix(value, "${"); isName && strings.HasSuffix(name, "}") {
			variable, otherwise, ok := strings.Cut(strings.TrimSuffix(name, "}"), ":")
			if !ok {
				return nil, fmt.Errorf("tag %.100q: want ${VARIABLE:default}", pair)
			}
			if value = os.Getenv(variable); value == "" {
				value = otherwise
			}
		}
		tags = append(tags, opentracing.Tag{Key: strings.TrimSpace(key), Value: value})
	}
	return tags, nil
}
