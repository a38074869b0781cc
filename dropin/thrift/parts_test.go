// SPDX-License-Identifier: Apache-2.0

package thrift_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"testing"

	"github.com/uber/jaeger-client-go/thrift"
)

func TestExceptions(t *testing.T) {
	t.Parallel()
	plain := errors.New("broken")
	deadline := thrift.NewTTransportExceptionFromError(os.ErrDeadlineExceeded)
	for _, test := range []struct {
		name string
		err  error
		kind thrift.TExceptionType
		text string
		is   error
	}{
		{"wrapped", thrift.WrapTException(plain), thrift.TExceptionTypeUnknown, "broken", plain},
		{"protocol", thrift.NewTProtocolException(plain), thrift.TExceptionTypeProtocol, "broken", plain},
		{"transport", thrift.NewTTransportExceptionFromError(io.EOF), thrift.TExceptionTypeTransport, "EOF", io.EOF},
		{"timeout", deadline, thrift.TExceptionTypeTransport, "i/o timeout", os.ErrDeadlineExceeded},
		{"application", thrift.NewTApplicationException(thrift.MISSING_RESULT, ""), thrift.TExceptionTypeApplication, "missing result", nil},
		{"prepended", thrift.PrependError("at x: ", thrift.NewTProtocolException(plain)), thrift.TExceptionTypeProtocol, "at x: broken", plain},
		{"prepended transport", thrift.PrependError("at x: ", deadline), thrift.TExceptionTypeTransport, "at x: i/o timeout", os.ErrDeadlineExceeded},
		{"prepended wrapped", thrift.PrependError("at x: ", thrift.WrapTException(plain)), thrift.TExceptionTypeUnknown, "at x: broken", plain},
		{"prepended application", thrift.PrependError("at x: ", thrift.NewTApplicationException(1, "no")), thrift.TExceptionTypeApplication, "at x: no", nil},
	} {
		var e thrift.TException
		if !errors.As(test.err, &e) || e.TExceptionType() != test.kind || e.Error() != test.text || test.is != nil && !errors.Is(test.err, test.is) {
			t.Errorf("%s: got %v (%T), want %q of kind %d", test.name, test.err, test.err, test.text, test.kind)
		}
	}
	if got := deadline.TypeId(); got != thrift.TIMED_OUT {
		t.Errorf("timeout: got type %d, want %d", got, thrift.TIMED_OUT)
	}
	if thrift.WrapTException(nil) != nil || thrift.NewTTransportExceptionFromError(nil) != nil || thrift.NewTProtocolExceptionWithType(1, nil) != nil {
		t.Error("nil did not stay nil")
	}
	if _, ok := thrift.PrependError("at x: ", plain).(thrift.TException); ok {
		t.Error("a plain error became an exception")
	}
}

func TestApplicationExceptionTravels(t *testing.T) {
	t.Parallel()
	p := thrift.NewTCompactProtocol(thrift.NewTMemoryBuffer())
	sent := thrift.NewTApplicationException(thrift.BAD_SEQUENCE_ID, "so it is")
	got := thrift.NewTApplicationException(0, "")
	if err := errors.Join(sent.Write(ctx, p), got.Read(ctx, p)); err != nil || got.TypeId() != sent.TypeId() || got.Error() != "so it is" {
		t.Errorf("got %d %v %v", got.TypeId(), got, err)
	}
}

func TestSerializer(t *testing.T) {
	t.Parallel()
	want, err := thrift.NewTSerializer().Write(ctx, batch())
	if err != nil || len(want) == 0 {
		t.Fatal(err)
	}
	pool := thrift.NewTSerializerPoolSizeFactory(10, thrift.NewTBinaryProtocolFactoryDefault())
	for range 2 {
		if got, err := pool.Write(ctx, batch()); err != nil || !bytes.Equal(got, want) {
			t.Errorf("got  %x %v\nwant %x", got, err, want)
		}
		if got, err := thrift.NewTSerializerPool(thrift.NewTSerializer).WriteString(ctx, batch()); err != nil || got != string(want) {
			t.Errorf("got  %x %v\nwant %x", got, err, want)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	b := thrift.NewTMemoryBuffer()
	p := thrift.NewTSimpleJSONProtocolFactory().GetProtocol(b).(*thrift.TSimpleJSONProtocol)
	if err := errors.Join(batch().Process.Write(ctx, p), p.Flush(ctx)); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), `{"serviceName":"checkout","tags":[12,1,{"key":"s","vType":0,"vStr":"v"}]}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	b.Reset()
	p = thrift.NewTSimpleJSONProtocol(b)
	if err := errors.Join(p.OutputListBegin(), p.OutputI64(1), p.OutputF64(0.5), p.OutputBool(true), p.OutputNull(), p.OutputString("a"), p.OutputListEnd(), p.Flush(ctx)); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), `[1,0.5,true,null,"a"]`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	unknown, on := thrift.THeaderProtocolID(7), true
	set := &thrift.TConfiguration{MaxMessageSize: 100, MaxFrameSize: 1000, ConnectTimeout: 1, SocketTimeout: 2, TBinaryStrictRead: &on, THeaderProtocolID: &unknown}
	for _, test := range []struct {
		name               string
		conf               *thrift.TConfiguration
		message, frame     int32
		read, write, timed bool
	}{
		{"nil", nil, 100 << 20, 16384000, false, true, false},
		{"zero", &thrift.TConfiguration{MaxMessageSize: -1, SocketTimeout: -1}, 100 << 20, 16384000, false, true, false},
		{"set", set, 100, 100, true, true, true},
	} {
		c := test.conf
		if c.GetMaxMessageSize() != test.message || c.GetMaxFrameSize() != test.frame || c.GetTBinaryStrictRead() != test.read || c.GetTBinaryStrictWrite() != test.write ||
			(c.GetSocketTimeout() != 0) != test.timed || (c.GetConnectTimeout() != 0) != test.timed || c.GetTLSConfig() != nil || c.GetTHeaderProtocolID() != thrift.THeaderProtocolBinary {
			t.Errorf("%s: got %v", test.name, c)
		}
	}
	if _, err := thrift.THeaderProtocolIDPtr(unknown); err == nil {
		t.Error("unknown protocol id: got no error")
	}
	if p, err := unknown.GetProtocol(thrift.NewTMemoryBuffer()); err == nil {
		t.Errorf("unknown protocol: got %v", p)
	}
	b := thrift.NewTMemoryBuffer()
	p := thrift.NewTBinaryProtocolTransport(b)
	thrift.PropagateTConfiguration(p, &thrift.TConfiguration{MaxMessageSize: 3})
	if err := p.WriteString(ctx, "long"); err != nil {
		t.Fatal(err)
	}
	if s, err := p.ReadString(ctx); err == nil {
		t.Errorf("beyond the largest message: got %q", s)
	}
}

func TestTransforms(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w, err := thrift.NewTransformWriter(&b, []thrift.THeaderTransformID{thrift.TransformZlib})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("text")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := thrift.NewTransformReaderWithCapacity(&b, 1)
	if err := r.AddTransform(thrift.TransformZlib); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != "text" {
		t.Errorf("got %q %v, want text", got, err)
	}
	if err := r.AddTransform(99); err == nil {
		t.Error("unknown transform: got no error")
	}
}

func TestRichTransport(t *testing.T) {
	t.Parallel()
	b := thrift.NewTMemoryBuffer()
	r := thrift.NewTRichTransport(b)
	var _ thrift.TRichTransport = r
	if err := r.WriteByte('a'); err != nil {
		t.Fatal(err)
	}
	if n, err := r.WriteString("bc"); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if got, err := r.ReadByte(); got != 'a' || err != nil || r.RemainingBytes() != 2 {
		t.Errorf("got %q %v, %d left", got, err, r.RemainingBytes())
	}
	b.Reset()
	if _, err := r.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want EOF", err)
	}
	from := thrift.NewTMemoryBuffer()
	from.WriteString("copied")
	to, err := thrift.NewTMemoryBufferTransportFactory(3).GetTransport(from)
	if err != nil || to.(*thrift.TMemoryBuffer).String() != "copied" {
		t.Errorf("got %v %v", to, err)
	}
}

func TestNumeric(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		got  thrift.Numeric
		want float64
	}{
		{"double", thrift.NewNumericFromDouble(1.5), 1.5},
		{"i64", thrift.NewNumericFromI64(-7), -7},
		{"i32", thrift.NewNumericFromI32(7), 7},
		{"string", thrift.NewNumericFromString("2.5"), 2.5},
		{"json", thrift.NewNumericFromJSONString("3", false), 3},
		{"null", thrift.NewNumericFromJSONString("3", true), 0},
		{"infinity", thrift.INFINITY, math.Inf(1)},
		{"zero", thrift.ZERO, 0},
	} {
		if got := test.got.Float64(); got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}

func TestTypeNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		t    thrift.TType
		want string
	}{{thrift.STOP, "STOP"}, {thrift.LIST, "LIST"}, {thrift.I08, "BYTE"}, {200, "Unknown"}} {
		if got := test.t.String(); got != test.want {
			t.Errorf("%d: got %q, want %q", test.t, got, test.want)
		}
	}
}
