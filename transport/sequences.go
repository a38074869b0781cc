// SPDX-License-Identifier: Apache-2.0

package transport

import "github.com/jaegerkit/jaeger/model"

// sequences keeps the packet numbers of processes that are not the current one,
// where several tracers share a transport. The one used last stands first; there
// are few, and with a single process there are none.
type sequences []sequence

type sequence struct {
	process *model.Process
	next    int64
}

// keepProcesses bounds what is kept, the current process included. Reporters
// that count losses by process should keep as many: a number that begins again
// and counts that go on, or the other way round, would confuse an agent.
const keepProcesses = 64

// change puts next away as the number of from, which is nil the first time, and
// returns that of to.
func (s *sequences) change(from *model.Process, next int64, to *model.Process) int64 {
	if from == nil {
		return 1
	}
	list := *s
	found := int64(1)
	i := 0
	for i < len(list) && list[i].process != to {
		i++
	}
	switch {
	case i < len(list):
		found = list[i].next
	case i < keepProcesses-1:
		list = append(list, sequence{})
	default:
		i-- // the one not used for longest is forgotten
	}
	copy(list[1:], list[:i])
	list[0] = sequence{from, next}
	*s = list
	return found
}
