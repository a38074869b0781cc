// SPDX-License-Identifier: Apache-2.0

package thrift

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// ErrAbandonRequest is what a handler returns that has nobody left to answer:
// the connection is closed and no answer written.
var ErrAbandonRequest = errors.New("request abandoned")

// ServerConnectivityCheckInterval is how often generated handlers look whether
// the caller is still there; not above zero means never.
var ServerConnectivityCheckInterval = time.Millisecond * 5

// TProcessor answers messages.
type TProcessor interface {
	Process(ctx context.Context, in, out TProtocol) (bool, TException)

	ProcessorMap() map[string]TProcessorFunction
	AddToProcessorMap(string, TProcessorFunction)
}

// TProcessorFunction answers the messages of one method.
type TProcessorFunction interface {
	Process(ctx context.Context, seqId int32, in, out TProtocol) (bool, TException)
}

// TProcessorFactory makes a processor for a connection.
type TProcessorFactory interface {
	GetProcessor(trans TTransport) TProcessor
}

// TProcessorFunctionFactory makes a function for a connection.
type TProcessorFunctionFactory interface {
	GetProcessorFunction(trans TTransport) TProcessorFunction
}

type sameProcessor struct{ p TProcessor }

// NewTProcessorFactory returns a factory that returns p.
func NewTProcessorFactory(p TProcessor) TProcessorFactory { return sameProcessor{p} }

func (s sameProcessor) GetProcessor(TTransport) TProcessor { return s.p }

type sameFunction struct{ p TProcessorFunction }

// NewTProcessorFunctionFactory returns a factory that returns p.
func NewTProcessorFunctionFactory(p TProcessorFunction) TProcessorFunctionFactory {
	return sameFunction{p}
}

func (s sameFunction) GetProcessorFunction(TTransport) TProcessorFunction { return s.p }

// Logger writes one line.
type Logger func(msg string)

// NopLogger writes nothing.
func NopLogger(msg string) {}

// StdLogger writes to logger, nil meaning standard error.
func StdLogger(logger *log.Logger) Logger {
	if logger == nil {
		logger = log.New(os.Stderr, "", log.LstdFlags)
	}
	return func(msg string) { logger.Print(msg) }
}

// TSimpleServer serves each connection on a goroutine of its own.
type TSimpleServer struct {
	closed atomic.Bool
	work   sync.WaitGroup
	mu     sync.Mutex
	open   map[TTransport]struct{} // connections being served

	processors                  TProcessorFactory
	listener                    TServerTransport
	inTransports, outTransports TTransportFactory
	inProtocols, outProtocols   TProtocolFactory

	forward []string
	logger  Logger
}

// NewTSimpleServer2 is NewTSimpleServer4 over plain transports and the binary protocol.
func NewTSimpleServer2(processor TProcessor, serverTransport TServerTransport) *TSimpleServer {
	return NewTSimpleServerFactory2(NewTProcessorFactory(processor), serverTransport)
}

// NewTSimpleServer4 is NewTSimpleServer6 with the same for input and output.
func NewTSimpleServer4(processor TProcessor, serverTransport TServerTransport, transportFactory TTransportFactory, protocolFactory TProtocolFactory) *TSimpleServer {
	return NewTSimpleServerFactory4(NewTProcessorFactory(processor), serverTransport, transportFactory, protocolFactory)
}

// NewTSimpleServer6 returns a server with one processor for all connections.
func NewTSimpleServer6(processor TProcessor, serverTransport TServerTransport, inputTransportFactory TTransportFactory, outputTransportFactory TTransportFactory, inputProtocolFactory TProtocolFactory, outputProtocolFactory TProtocolFactory) *TSimpleServer {
	return NewTSimpleServerFactory6(NewTProcessorFactory(processor), serverTransport,
		inputTransportFactory, outputTransportFactory, inputProtocolFactory, outputProtocolFactory)
}

// NewTSimpleServerFactory2 is NewTSimpleServerFactory4 over plain transports and
// the binary protocol.
func NewTSimpleServerFactory2(processorFactory TProcessorFactory, serverTransport TServerTransport) *TSimpleServer {
	return NewTSimpleServerFactory4(processorFactory, serverTransport, NewTTransportFactory(), NewTBinaryProtocolFactoryDefault())
}

// NewTSimpleServerFactory4 is NewTSimpleServerFactory6 with the same for input and output.
func NewTSimpleServerFactory4(processorFactory TProcessorFactory, serverTransport TServerTransport, transportFactory TTransportFactory, protocolFactory TProtocolFactory) *TSimpleServer {
	return NewTSimpleServerFactory6(processorFactory, serverTransport, transportFactory, transportFactory, protocolFactory, protocolFactory)
}

// NewTSimpleServerFactory6 returns a server with a processor for each connection.
func NewTSimpleServerFactory6(processorFactory TProcessorFactory, serverTransport TServerTransport, inputTransportFactory TTransportFactory, outputTransportFactory TTransportFactory, inputProtocolFactory TProtocolFactory, outputProtocolFactory TProtocolFactory) *TSimpleServer {
	return &TSimpleServer{
		processors: processorFactory, listener: serverTransport, open: map[TTransport]struct{}{},
		inTransports: inputTransportFactory, outTransports: outputTransportFactory,
		inProtocols: inputProtocolFactory, outProtocols: outputProtocolFactory,
		logger: StdLogger(nil),
	}
}

// ProcessorFactory returns what the server was made with.
func (p *TSimpleServer) ProcessorFactory() TProcessorFactory { return p.processors }

// ServerTransport returns what the server was made with.
func (p *TSimpleServer) ServerTransport() TServerTransport { return p.listener }

// InputTransportFactory returns what the server was made with.
func (p *TSimpleServer) InputTransportFactory() TTransportFactory { return p.inTransports }

// OutputTransportFactory returns what the server was made with.
func (p *TSimpleServer) OutputTransportFactory() TTransportFactory { return p.outTransports }

// InputProtocolFactory returns what the server was made with.
func (p *TSimpleServer) InputProtocolFactory() TProtocolFactory { return p.inProtocols }

// OutputProtocolFactory returns what the server was made with.
func (p *TSimpleServer) OutputProtocolFactory() TProtocolFactory { return p.outProtocols }

// SetForwardHeaders sets which headers of a request a handler passes on to the
// servers it calls. It is called before Serve.
func (p *TSimpleServer) SetForwardHeaders(headers []string) {
	p.forward = append([]string(nil), headers...)
}

// SetLogger sets where failed connections are told, standard error by default.
// It is called before Serve; nil means nowhere.
func (p *TSimpleServer) SetLogger(logger Logger) {
	if logger == nil {
		logger = NopLogger
	}
	p.logger = logger
}

// Listen opens the server transport.
func (p *TSimpleServer) Listen() error { return p.listener.Listen() }

// Serve listens and runs AcceptLoop.
func (p *TSimpleServer) Serve() error {
	if err := p.Listen(); err != nil {
		return err
	}
	return p.AcceptLoop()
}

// AcceptLoop serves until Stop, which makes it return nil, or until the server
// transport fails.
func (p *TSimpleServer) AcceptLoop() error {
	for {
		c, err := p.listener.Accept()
		if p.closed.Load() {
			if c != nil {
				_ = c.Close()
			}
			return nil
		}
		if err != nil {
			return err
		}
		if c == nil {
			continue
		}
		p.mu.Lock()
		if p.closed.Load() {
			p.mu.Unlock()
			return c.Close()
		}
		p.open[c] = struct{}{}
		p.work.Add(1)
		p.mu.Unlock()
		go p.serve(c)
	}
}

// Stop ends AcceptLoop, closes the connections and waits for their handlers.
// Several calls are fine.
func (p *TSimpleServer) Stop() error {
	p.mu.Lock()
	first := !p.closed.Swap(true)
	if first {
		for c := range p.open {
			_ = c.Close()
		}
	}
	p.mu.Unlock()
	var err error
	if first {
		err = p.listener.Interrupt()
	}
	p.work.Wait()
	return err
}

func (p *TSimpleServer) serve(c TTransport) {
	defer p.work.Done()
	defer func() {
		p.mu.Lock()
		delete(p.open, c)
		p.mu.Unlock()
		_ = c.Close()
		if r := recover(); r != nil {
			p.logger(fmt.Sprintf("panic in a thrift handler: %v", r))
		}
	}()
	if err := p.converse(c); err != nil && !p.closed.Load() {
		p.logger(fmt.Sprintf("error processing request: %v", err))
	}
}

// converse answers the messages of one connection until it ends.
func (p *TSimpleServer) converse(c TTransport) error {
	in, err := p.inTransports.GetTransport(c)
	if err != nil {
		return err
	}
	iprot := p.inProtocols.GetProtocol(in)
	oprot := iprot
	header, framed := iprot.(*THeaderProtocol)
	if !framed {
		out, err := p.outTransports.GetTransport(c)
		if err != nil {
			return err
		}
		oprot = p.outProtocols.GetProtocol(out)
	}
	processor := p.processors.GetProcessor(c)
	for !p.closed.Load() {
		ctx := SetResponseHelper(context.Background(), TResponseHelper{NewTHeaderResponseHelper(oprot)})
		if framed {
			if err := header.ReadFrame(ctx); err != nil {
				return unlessEnd(err)
			}
			ctx = SetWriteHeaderList(AddReadTHeaderToContext(ctx, header.GetReadHeaders()), p.forward)
		}
		ok, e := processor.Process(ctx, iprot, oprot)
		if e != nil {
			if errors.Is(e, ErrAbandonRequest) {
				return nil
			}
			var app TApplicationException
			if !errors.As(e, &app) || app.TypeId() != UNKNOWN_METHOD {
				return unlessEnd(e)
			}
		}
		if !ok {
			return nil
		}
	}
	return nil
}

// unlessEnd is nil where the other side hung up.
func unlessEnd(err error) error {
	var e TTransportException
	if errors.Is(err, io.EOF) || errors.As(err, &e) && e.TypeId() == END_OF_FILE {
		return nil
	}
	return err
}
