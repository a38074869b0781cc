// SPDX-License-Identifier: Apache-2.0

package agenttest

import "slices"

// Packets returns the number of packets received, decoded or rejected. Packets dropped on request are not in it.
func (a *Agent) Packets() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.results.units
}

// Dropped returns the number of packets thrown away because Drop or DropAll asked for it.
func (a *Agent) Dropped() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.failed
}

// RawPackets returns the bytes of each packet in the order it was decoded or rejected, if WithRawPackets was given, else
// nil. Packets dropped on request or refused by a full queue are not in it. The bytes are shared and must not be changed.
func (a *Agent) RawPackets() [][]byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.results.raw)
}

// Reset forgets all results, and packets that were read but not decoded yet. Faults stay as they are. The sequence
// numbers of known clients go on where they were, so that a Reset does not look like a loss.
func (a *Agent) Reset() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.restart()
	a.queue, a.queued = nil, 0
	close(a.expired)
	a.expired = make(chan struct{})
	a.notify()
}
