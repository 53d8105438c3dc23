package monitor

import (
	"strings"

	"github.com/covetlog/covetlog/normalize"
	"github.com/covetlog/covetlog/report"
	"github.com/covetlog/covetlog/stats"
)

// Digests returns what other tools call a pattern of MySQL. They go by statements, so it is what they call the example: literals, which
// a pattern has no more, may make a difference to them. Without a whole example nothing is known.
func Digests(p *stats.Pattern) report.Digests {
	switch {
	case p.Dialect != stats.MySQL || p.Example == nil || p.Example.Cut:
		return report.Digests{}
	case strings.HasPrefix(p.Text, commandPrefix):
		return report.Digests{PTChecksum: normalize.PTChecksum(p.Text)}
	}
	return report.Digests{PTChecksum: normalize.PTChecksum(p.Example.SQL), DigestText: normalize.DigestText(p.Example.SQL)}
}
