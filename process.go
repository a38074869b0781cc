// SPDX-License-Identifier: Apache-2.0

package jaeger

import (
	"math/rand/v2"
	"net"
	"os"
	"strconv"

	"github.com/jaegerkit/jaeger/model"
)

// Process tags as every Jaeger client sends them; the agent keys its
// client_stats_* metrics by client-uuid.
const (
	versionKey    = "jaeger.version"
	hostnameKey   = "hostname"
	ipKey         = "ip"
	clientUUIDKey = "client-uuid"
)

// newProcess puts the user's tags first; where one names the host or address
// itself, nothing is looked up.
func newProcess(service string, user []model.Tag) *model.Process {
	p := &model.Process{ServiceName: service}
	given := make(map[string]bool, len(user))
	for _, tag := range user {
		given[tag.Key] = true
		p.Tags = append(p.Tags, tag)
	}
	p.Tags = append(p.Tags, model.String(versionKey, "Go-jaegerkit-"+Version))
	if !given[hostnameKey] {
		if name, err := os.Hostname(); err == nil {
			p.Tags = append(p.Tags, model.String(hostnameKey, name))
		}
	}
	if !given[ipKey] {
		if ip := hostIP(); ip != "" {
			p.Tags = append(p.Tags, model.String(ipKey, ip))
		}
	}
	if !given[clientUUIDKey] {
		p.Tags = append(p.Tags, model.String(clientUUIDKey, strconv.FormatUint(rand.Uint64(), 16)))
	}
	return p
}

// hostIP returns the first IPv4 address that others can reach, else loopback's.
func hostIP() string {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	best := ""
	for _, addr := range addrs {
		ipnet, ok := addr.(*net.IPNet)
		if !ok {
			continue
		}
		ip := ipnet.IP.To4()
		switch {
		case ip == nil:
		case ip.IsGlobalUnicast():
			return ip.String()
		case best == "":
			best = ip.String()
		}
	}
	return best
}
