// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// What a Task's functions may return for Loop to mind, wrapped or not.
var (
	// ErrIdle says that there was nothing to ask; it is not counted or told.
	ErrIdle = errors.New("nothing to ask")
	// ErrAbsent says that the server, which is there, has no such thing. It is
	// counted like a failure but not asked again soon.
	ErrAbsent = errors.New("the server has no such endpoint")
)

// ErrStuck is what Close returns when it has left a question behind.
var ErrStuck = errors.New("the fetcher does not return")

// ErrClosed is what Poll returns when the loop has ended, or was never started.
var ErrClosed = errors.New("closed")

// Task is what a Loop does. Its functions are called by the loop's goroutine
// only, Fetch and Use may panic and Tell may not.
type Task struct {
	Interval time.Duration // between two questions, give or take a tenth
	Timeout  time.Duration // of one question
	// Wake asks for a question a tenth of a second later, though not sooner than
	// a second after the last one; nil for none.
	Wake <-chan struct{}
	// Fetch asks and returns the answer; it must return soon after ctx ends.
	Fetch func(ctx context.Context) ([]byte, error)
	// Use takes an answer. It is not called any more after Close.
	Use func(body []byte) error
	// Tell is called when a question has been counted, with its error.
	Tell func(err error)
}

// Loop asks at once and then at an interval, on one goroutine of its own. Until
// there was a good answer, it asks again after a second, two, four and so on up
// to the interval; later failures stretch the interval, up to four times. The
// methods are for any goroutine, and a nil Loop is one that was never started.
type Loop struct {
	task   Task
	cancel context.CancelFunc
	done   chan struct{} // closed when the goroutine has returned
	polls  chan chan<- error

	mu    sync.Mutex
	stats Stats
}

// Stats count since Start. A question is counted once its answer is complete or
// failed, an answer once it is used or refused.
type Stats struct {
	QueriesOK, QueriesFailed uint64
	UpdatesOK, UpdatesFailed uint64
	Failures                 uint64    // in a row up to now
	LastError                error     // the newest failure, also after a recovery
	Updated                  time.Time // when an answer was last used
	Absent                   bool      // the newest answer was ErrAbsent
}

// Start starts a loop. Close ends its goroutine.
func Start(t Task) *Loop {
	ctx, cancel := context.WithCancel(context.Background())
	l := &Loop{task: t, cancel: cancel, done: make(chan struct{}), polls: make(chan chan<- error)}
	go l.run(ctx)
	return l
}

// Stats returns the counts as of now.
func (l *Loop) Stats() Stats {
	if l == nil {
		return Stats{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stats
}

// Poll has the loop ask now, behind a question that is under way, and returns
// what comes of it, or when ctx ends. It must not be called by the Task's own
// functions, which would wait for themselves.
func (l *Loop) Poll(ctx context.Context) error {
	if l == nil {
		return ErrClosed
	}
	outcome := make(chan error, 1)
	select {
	case l.polls <- outcome:
	case <-l.done:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-outcome:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Grace is how long a Fetch may take to notice that its context ended.
const Grace = time.Second

// Close ends the asking, in the middle of a question if need be, and waits for
// the goroutine. A Fetch that goes on for longer than Grace is left behind, with
// ErrStuck. Several calls are fine.
func (l *Loop) Close() error {
	if l == nil {
		return nil
	}
	l.cancel()
	timer := time.NewTimer(Grace)
	defer timer.Stop()
	select {
	case <-l.done:
		return nil
	case <-timer.C:
		return ErrStuck
	}
}

func (l *Loop) run(ctx context.Context) {
	defer close(l.done)
	wait := newWaits(l.task.Interval)
	var poll chan<- error
	for {
		err := l.ask(ctx)
		if err != nil && ctx.Err() != nil {
			err = ErrClosed // whatever became of the question that Close has cut
		}
		if poll != nil {
			poll <- err // there is room for it
		}
		asked, woken := time.Now(), false
		if woken, poll = l.sleep(ctx, wait.next(err), l.task.Wake); woken {
			_, poll = l.sleep(ctx, wait.woken(time.Since(asked)), nil)
		}
		if ctx.Err() != nil {
			if poll != nil {
				poll <- ErrClosed
			}
			return
		}
	}
}

// sleep returns after d, when ctx ends, when wake has something, or with the
// next one who polls.
func (l *Loop) sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) (woken bool, poll chan<- error) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-wake:
		woken = true
	case poll = <-l.polls:
	}
	return woken, poll
}

// ask asks once. A panic, in a fetcher of the user's or anywhere else, is a
// failure like another: it must not end the process.
func (l *Loop) ask(ctx context.Context) (err error) {
	fetched := false
	defer func() {
		if p := recover(); p != nil {
			err = Brief(fmt.Errorf("panic: %v", p))
		}
		if ctx.Err() == nil && !errors.Is(err, ErrIdle) {
			l.count(fetched, err)
			l.task.Tell(err)
		}
	}()
	fetchCtx, cancel := context.WithTimeout(ctx, l.task.Timeout)
	defer cancel()
	body, err := l.task.Fetch(fetchCtx)
	if err != nil {
		// Of a type of the user's, whose methods may panic: here and not later.
		_ = errors.Is(err, ErrIdle) || errors.Is(err, ErrAbsent)
		return Brief(err)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	fetched = true
	return l.task.Use(body)
}

func (l *Loop) count(fetched bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.stats
	switch {
	case err == nil:
		s.QueriesOK++
		s.UpdatesOK++
		s.Updated = time.Now()
	case fetched:
		s.QueriesOK++
		s.UpdatesFailed++
	default:
		s.QueriesFailed++
	}
	s.Absent = errors.Is(err, ErrAbsent)
	if err == nil {
		s.Failures = 0
		return
	}
	s.Failures++
	s.LastError = err
}
