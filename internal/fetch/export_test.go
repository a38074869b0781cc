// SPDX-License-Identifier: Apache-2.0

package fetch

import "time"

// Waits opens waits.
type Waits struct{ *waits }

// NewWaits starts like a loop that has no answer yet.
func NewWaits(interval time.Duration) *Waits { return &Waits{newWaits(interval)} }

// Next is the time to the next question.
func (w *Waits) Next(err error) time.Duration { return w.next(err) }
