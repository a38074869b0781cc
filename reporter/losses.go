// SPDX-License-Identifier: Apache-2.0

package reporter

import "github.com/jaegerkit/jaeger/model"

// losses keeps what the sending goroutine lost of each process, as an agent is
// told: it counts clients by process, so one loss told under two of them would
// be two. The process used last stands first; mostly there is only one.
type losses []loss

type loss struct {
	process *model.Process
	stats   model.ClientStats
}

// keepProcesses bounds what is kept; as many as transport.UDP keeps packet
// numbers of, so that a process which is forgotten begins again with both.
const keepProcesses = 64

// of moves process to the front and returns its counts, which are valid until
// the next call.
func (l *losses) of(process *model.Process) *model.ClientStats {
	list := *l
	i := 0
	for i < len(list) && list[i].process != process {
		i++
	}
	found := loss{process: process}
	switch {
	case i < len(list):
		found = list[i]
	case i < keepProcesses:
		list = append(list, loss{})
	default:
		i-- // the one not used for longest is forgotten
	}
	copy(list[1:], list[:i])
	list[0] = found
	*l = list
	return &list[0].stats
}
