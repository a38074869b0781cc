// SPDX-License-Identifier: Apache-2.0

// Package utils holds small helpers that the old client had made public:
// addresses, JSON over HTTP, a rate limiter, random numbers, and a client that
// sends batches to an agent.
//
//	client, err := utils.NewAgentClientUDP("localhost:6831", 0)
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	err = client.EmitBatch(ctx, batch)
//
// What it promises: nothing here panics on any input, and each wait has an end.
package utils

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Errors of the parsers.
var (
	// ErrEmptyIP is the error of an empty text.
	ErrEmptyIP = errors.New("empty string given for ip")

	// ErrNotHostColonPort is the error of a text that is not host:port.
	ErrNotHostColonPort = errors.New("expecting host:port")

	// ErrNotFourOctets is the error of an IP that is not four numbers.
	ErrNotFourOctets = errors.New("wrong number of octets")
)

// ParseIPToUint32 reads an IPv4 address or "localhost".
func ParseIPToUint32(ip string) (uint32, error) {
	switch ip {
	case "":
		return 0, ErrEmptyIP
	case "localhost":
		return 127<<24 | 1, nil
	}
	octets := strings.Split(ip, ".")
	if len(octets) != 4 {
		return 0, ErrNotFourOctets
	}
	var packed uint32
	for _, octet := range octets {
		n, err := strconv.ParseUint(octet, 10, 8)
		if err != nil {
			return 0, fmt.Errorf("ip %q: %w", ip, err)
		}
		packed = packed<<8 | uint32(n)
	}
	return packed, nil
}

// ParsePort reads a port, 0 to 65535.
func ParsePort(portString string) (uint16, error) {
	port, err := strconv.ParseUint(portString, 10, 16)
	if err != nil {
		return 0, err
	}
	return uint16(port), nil
}

// PackIPAsUint32 returns an IPv4 address as a number, and 0 for any other.
func PackIPAsUint32(ip net.IP) uint32 {
	if v4 := ip.To4(); v4 != nil {
		return binary.BigEndian.Uint32(v4)
	}
	return 0
}

// TimeToMicrosecondsSinceEpochInt64 returns t in microseconds since the Unix
// epoch, which is what Jaeger's and Zipkin's formats want.
func TimeToMicrosecondsSinceEpochInt64(t time.Time) int64 { return t.UnixMicro() }

// NewRand returns a generator that any number of goroutines may use at once,
// except for Read.
func NewRand(seed int64) *rand.Rand {
	return rand.New(&lockedSource{source: rand.NewSource(seed).(rand.Source64)})
}

type lockedSource struct {
	mu     sync.Mutex
	source rand.Source64
}

func (s *lockedSource) Int63() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Int63()
}

func (s *lockedSource) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Uint64()
}

func (s *lockedSource) Seed(seed int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.source.Seed(seed)
}
