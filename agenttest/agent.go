// SPDX-License-Identifier: Apache-2.0

package agenttest

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
)

const (
	// A datagram holds at most 65,507 bytes on IPv4 and 65,527 on IPv6, so nothing is ever cut.
	readBuffer = 1 << 16
	// What the kernel is asked to hold while the reader is not scheduled. It may grant less: net.core.rmem_max on Linux,
	// 208 KiB unless raised, which is three packets of full size.
	socketBuffer = 8 << 20
	// Packet buffers kept for reuse: at most 4 MiB.
	freeLimit = 64
)

// Agent is a jaeger-agent on two loopback UDP ports. Start and New make one; the zero Agent is not usable. All methods
// are safe for concurrent use.
type Agent struct {
	inbox
	settings settings // fixed
	ports    [2]*port
	closing  chan struct{} // closed when Close begins: delays end

	// life is held by GoAway, ComeBack and Close, also while they wait for readers. The goroutines never take it.
	life    sync.Mutex
	away    bool
	closed  bool
	readers sync.WaitGroup

	// The inbox's mu guards everything below.
	arrived *sync.Cond // the queue has grown, or stopped is set; only the decoder waits for it
	stopped bool
	queue   []packet
	queued  int      // bytes in queue
	free    [][]byte // buffers for reuse
	faults  faults
	expired chan struct{} // closed by Reset, which makes a new one: the decoder need not wait for older packets
}

// port is one UDP address and the protocol spoken there. addr is fixed after Start; conn is guarded by Agent.life.
type port struct {
	protocol protocol
	addr     *net.UDPAddr
	conn     *net.UDPConn
}

// packet is one datagram on its way to the decoder, which owns its data.
type packet struct {
	data       []byte
	protocol   protocol
	due        time.Time // not to be decoded before; zero when there is no delay
	generation int       // results.generation at arrival, to know packets older than a Reset
}

// Start starts an agent. The caller must Close it. An error names the address that could not be used.
func Start(opts ...Option) (*Agent, error) {
	s, err := configure(kindAgent, opts)
	if err != nil {
		return nil, err
	}
	compactAddr, err := resolve(s.addr)
	if err != nil {
		return nil, err
	}
	binaryAddr, err := resolve(s.binaryAddr)
	if err != nil {
		return nil, err
	}
	a := &Agent{
		inbox:    newInbox(kindAgent, "packet", "dropped", s),
		settings: s,
		ports:    [2]*port{{protocol: compact, addr: compactAddr}, {protocol: binary, addr: binaryAddr}},
		closing:  make(chan struct{}),
		expired:  make(chan struct{}),
	}
	a.arrived = sync.NewCond(&a.mu)
	if err := a.listen(); err != nil {
		return nil, err
	}
	go a.decodeAll()
	return a, nil
}

// Addr returns the host:port that takes Thrift compact, where clients send by default. It never changes.
func (a *Agent) Addr() string { return a.ports[0].addr.String() }

// BinaryAddr returns the host:port that takes Thrift binary, strict or not. It never changes.
func (a *Agent) BinaryAddr() string { return a.ports[1].addr.String() }

// Close stops listening, decodes the packets already read without regard to Delay, and returns when the agent's
// goroutines have ended. Packets the kernel still holds are lost, so wait for what matters first. Results stay readable.
// Only the first call does something; the others wait for it. The error is always nil.
func (a *Agent) Close() error {
	a.life.Lock()
	defer a.life.Unlock()
	if a.closed {
		return nil
	}
	a.closed = true
	a.hangUp()
	a.mu.Lock()
	a.stopped = true
	a.arrived.Signal()
	a.mu.Unlock()
	close(a.closing)
	<-a.done
	return nil
}

func resolve(hostport string) (*net.UDPAddr, error) {
	addr, err := net.ResolveUDPAddr("udp", hostport)
	if err != nil {
		return nil, fmt.Errorf("agenttest: address %q: %w", hostport, err)
	}
	if !addr.IP.IsLoopback() {
		return nil, fmt.Errorf("agenttest: address %q: the host must be a loopback address such as 127.0.0.1", hostport)
	}
	return addr, nil
}

// listen opens both sockets, at the ports they had before if any, and starts their readers: both or none.
// The caller holds life, or is Start.
func (a *Agent) listen() error {
	for i, p := range a.ports {
		conn, err := net.ListenUDP("udp", p.addr)
		if err != nil {
			for _, q := range a.ports[:i] {
				_ = q.conn.Close()
			}
			return fmt.Errorf("agenttest: listen for Thrift %s on %q: %w", p.protocol.name, p.addr, err)
		}
		_ = conn.SetReadBuffer(socketBuffer)
		p.conn = conn
	}
	for _, p := range a.ports {
		if p.addr.Port == 0 { // only in Start: afterwards addr is read without a lock
			p.addr = p.conn.LocalAddr().(*net.UDPAddr)
		}
		a.readers.Add(1)
		go a.read(p.conn, p.protocol)
	}
	return nil
}

// hangUp closes the sockets and waits for their readers. The caller holds life.
func (a *Agent) hangUp() {
	if a.away {
		return
	}
	a.away = true
	for _, p := range a.ports {
		_ = p.conn.Close()
	}
	a.readers.Wait()
}

func (a *Agent) read(conn *net.UDPConn, from protocol) {
	defer a.readers.Done()
	buf := make([]byte, readBuffer)
	for {
		n, err := conn.Read(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			a.mu.Lock()
			a.note(fmt.Errorf("read from the %s port: %w", from.name, err))
			a.notify()
			a.mu.Unlock()
			return
		}
		a.arrive(buf[:n], from)
	}
}

// arrive queues a copy of data for the decoder, or drops it where that was asked for.
func (a *Agent) arrive(data []byte, from protocol) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.faults.drops() {
		a.failed++
		a.notify()
		return
	}
	if a.queued+len(data) > a.settings.queueLimit {
		a.reject(place(from, len(data)), errors.New("the queue is full: packets come faster than they can be decoded"))
		a.notify()
		return
	}
	p := packet{protocol: from, generation: a.results.generation}
	if a.faults.delay > 0 {
		p.due = time.Now().Add(a.faults.delay)
	}
	if last := len(a.free) - 1; last >= 0 {
		p.data, a.free = a.free[last], a.free[:last]
	}
	p.data = append(p.data[:0], data...)
	a.queue = append(a.queue, p)
	a.queued += len(data)
	a.arrived.Signal()
}

// decodeAll is the decoder's goroutine. It ends when Close was called and the queue is empty.
func (a *Agent) decodeAll() {
	defer close(a.done)
	for {
		p, ok := a.next()
		if !ok {
			return
		}
		batch, err := decode(p.data, p.protocol)
		a.store(p, batch, err)
	}
}

// next takes the oldest packet from the queue once it is due.
func (a *Agent) next() (packet, bool) {
	a.mu.Lock()
	for len(a.queue) == 0 && !a.stopped {
		a.arrived.Wait()
	}
	if len(a.queue) == 0 {
		a.mu.Unlock()
		return packet{}, false
	}
	p := a.queue[0]
	a.queue[0] = packet{}
	a.queue = a.queue[1:]
	a.queued -= len(p.data)
	expired := a.expired
	a.mu.Unlock()

	if wait := time.Until(p.due); !p.due.IsZero() && wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-expired:
		case <-a.closing:
		}
	}
	return p, true
}

// place tells in errors where a packet came in.
func place(from protocol, size int) string {
	return fmt.Sprintf("%d bytes on the %s port", size, from.name)
}

// store books one decoded packet. A packet that arrived before the latest Reset is forgotten.
func (a *Agent) store(p packet, batch *jaeger.Batch, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	raw := a.settings.raw && p.generation == a.results.generation && a.results.rawSize+len(p.data) <= a.keepLimit
	switch {
	case p.generation != a.results.generation:
	case err != nil:
		a.reject(place(p.protocol, len(p.data)), err)
	default:
		a.accept(batch, len(p.data))
	}
	if raw {
		a.results.raw = append(a.results.raw, p.data)
		a.results.rawSize += len(p.data)
	} else if len(a.free) < freeLimit {
		a.free = append(a.free, p.data)
	}
	a.notify()
}
