// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"math"
	"net/netip"
	"strconv"
	"strings"

	"github.com/jaegerkit/jaeger/model"
)

// Tags that become fields of their own.
const (
	kindKey        = "span.kind"
	ipKey          = "ip"
	peerPrefix     = "peer."
	peerServiceKey = "peer.service"
	peerIPv4Key    = "peer.ipv4"
	peerIPv6Key    = "peer.ipv6"
	peerPortKey    = "peer.port"
	peerAddressKey = "peer.address"
)

// zipkinKind returns the kind that a value of span.kind stands for, "" for none.
func zipkinKind(t *model.Tag) string {
	for _, kind := range [...]string{"SERVER", "CLIENT", "PRODUCER", "CONSUMER"} {
		if strings.EqualFold(t.Str(), kind) && t.Kind() == model.KindString {
			return kind
		}
	}
	return ""
}

// localEndpoint is the JSON of a process.
type localEndpoint struct {
	process *model.Process
	text    []byte // with a comma in front and the field's name; empty without name and address
	ip      bool   // the tag ip is in it
}

// longestService bounds what each span carries.
const longestService = 1 << 10

// localEndpoint returns the field for p, and whether it has the tag ip. It is
// made once for each change of process.
func (z *zipkinForm) localEndpoint(p *model.Process) (text []byte, ip bool) {
	l := z.local.Load()
	if l == nil || l.process != p {
		l = &localEndpoint{process: p}
		r := remote{service: cutText(p.ServiceName, longestService)}
		for i := range p.Tags {
			if t := &p.Tags[i]; t.Key == ipKey {
				r.v4, r.v6 = netip.Addr{}, netip.Addr{}
				l.ip = r.at(ipOf(t))
			}
		}
		l.text = r.appendTo(nil, `,"localEndpoint":{`)
		z.local.Store(l)
	}
	return l.text, l.ip
}

// remote is an endpoint, and which tags it was read from.
type remote struct {
	service string
	v4, v6  netip.Addr
	port    uint16

	fromIPv4, fromIPv6, fromPort, fromAddress bool
}

// read takes the other side from the tags of a span, and returns the span's
// kind.
func (r *remote) read(tags []model.Tag) (kind string) {
	var v4, v6, whole netip.Addr
	var port uint16
	for i := range tags {
		t := &tags[i]
		if t.Key == kindKey {
			kind = zipkinKind(t)
			continue
		}
		if len(t.Key) < len(peerPrefix) || t.Key[:len(peerPrefix)] != peerPrefix {
			continue
		}
		switch t.Key {
		case peerServiceKey:
			if r.service = ""; t.Kind() == model.KindString {
				r.service = t.Str()
			}
		case peerIPv4Key:
			v4 = ipv4Of(t)
		case peerIPv6Key:
			v6 = ipOf(t)
		case peerPortKey:
			r.port = portOf(t)
			r.fromPort = r.port != 0
		case peerAddressKey:
			whole, port = addressOf(t)
		}
	}
	r.fromIPv4, r.fromIPv6 = r.at(v4), r.at(v6)
	if !r.fromIPv4 && !r.fromIPv6 && r.at(whole) {
		if !r.fromPort {
			r.port = port
		}
		r.fromAddress = port == 0 || port == r.port
	}
	return kind
}

// at adds an address, and reports whether there was one and room for it.
func (r *remote) at(addr netip.Addr) bool {
	place := &r.v6
	if addr.Is4() {
		place = &r.v4
	}
	if !addr.IsValid() || place.IsValid() {
		return false
	}
	*place = addr
	return true
}

// took reports whether the tag of key needs no sending.
func (r *remote) took(key string) bool {
	switch key {
	case peerServiceKey:
		return r.service != ""
	case peerIPv4Key:
		return r.fromIPv4
	case peerIPv6Key:
		return r.fromIPv6
	case peerPortKey:
		return r.fromPort
	case peerAddressKey:
		return r.fromAddress
	}
	return false
}

func (r *remote) append(b []byte) []byte { return r.appendTo(b, `,"remoteEndpoint":{`) }

// appendTo appends the field that begins with open, nothing for an empty one.
func (r *remote) appendTo(b []byte, open string) []byte {
	between := open
	if r.service != "" {
		b = appendJSON(append(append(b, between...), `"serviceName":`...), r.service)
		between = ","
	}
	if r.v4.IsValid() {
		b = append(r.v4.AppendTo(append(append(b, between...), `"ipv4":"`...)), '"')
		between = ","
	}
	if r.v6.IsValid() {
		b = append(r.v6.AppendTo(append(append(b, between...), `"ipv6":"`...)), '"')
		between = ","
	}
	if r.port != 0 {
		b = strconv.AppendUint(append(append(b, between...), `"port":`...), uint64(r.port), 10)
		between = ","
	}
	if between == "," {
		b = append(b, '}')
	}
	return b
}

// ipOf reads an address, in the form Zipkin wants it: without a zone, IPv4 as
// such.
func ipOf(t *model.Tag) netip.Addr {
	if t.Kind() != model.KindString {
		return netip.Addr{}
	}
	addr, _ := netip.ParseAddr(t.Str())
	return addr.WithZone("").Unmap()
}

// ipv4Of also reads the number that ext.PeerHostIPv4 sets.
func ipv4Of(t *model.Tag) netip.Addr {
	if n := t.Int64(); t.Kind() == model.KindInt64 && n >= 0 && n <= math.MaxUint32 {
		return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
	}
	if addr := ipOf(t); addr.Is4() {
		return addr
	}
	return netip.Addr{}
}

func portOf(t *model.Tag) uint16 {
	n := t.Int64()
	if t.Kind() == model.KindString {
		n, _ = strconv.ParseInt(t.Str(), 10, 32)
	} else if t.Kind() != model.KindInt64 {
		return 0
	}
	if n < 1 || n > math.MaxUint16 {
		return 0
	}
	return uint16(n)
}

func addressOf(t *model.Tag) (netip.Addr, uint16) {
	if t.Kind() == model.KindString {
		if ap, err := netip.ParseAddrPort(t.Str()); err == nil {
			return ap.Addr().WithZone("").Unmap(), ap.Port()
		}
	}
	return ipOf(t), 0
}
