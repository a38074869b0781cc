// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"errors"
	"time"
)

// faults is the misbehaviour asked for. Agent.mu guards it.
type faults struct {
	next  int // packets still to drop
	all   bool
	delay time.Duration
}

func (f *faults) drops() bool {
	if f.next > 0 {
		f.next--
		return true
	}
	return f.all
}

// Drop throws away the next n packets, of both ports together, as a network or a full socket buffer would. The sender
// cannot notice. It replaces what an earlier Drop has left; 0 or less ends dropping. "Next" is in the order the agent reads
// its sockets: to spare packets sent just before, wait for them first.
func (a *Agent) Drop(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults.next = n
}

// DropAll throws away every packet from now on, until DropAll(false).
func (a *Agent) DropAll(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults.all = on
}

// Delay makes every packet that arrives from now on count as received d after its arrival, as if the way were longer: no
// packet is slowed by the ones before it, and none overtakes another. Zero or less ends it for packets yet to come. A UDP sender
// cannot notice. The agent holds at most 128 MiB of delayed packets and rejects what comes on top.
func (a *Agent) Delay(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults.delay = d
}

// GoAway closes both sockets, as when the agent's process dies: senders on connected UDP sockets get ECONNREFUSED from
// their second packet on. Packets read so far are still decoded, packets in the kernel's buffer are lost. It returns when
// the sockets are closed, and does nothing if they are already.
func (a *Agent) GoAway() {
	a.life.Lock()
	defer a.life.Unlock()
	a.hangUp()
}

// ComeBack listens again on the ports given up by GoAway. It fails if another program has taken one in the meantime, and
// may then be tried again, or if the agent is closed. It does nothing if the agent is not away.
func (a *Agent) ComeBack() error {
	a.life.Lock()
	defer a.life.Unlock()
	if a.closed {
		return errors.New("agenttest: the agent is closed")
	}
	if !a.away {
		return nil
	}
	if err := a.listen(); err != nil {
		return err
	}
	a.away = false
	return nil
}
