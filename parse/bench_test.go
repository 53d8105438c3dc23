package parse_test

import (
	"slices"
	"testing"

	"github.com/covetlog/covetlog/internal/synth"
	"github.com/covetlog/covetlog/parse"
)

// BenchmarkParse is the parser alone: blocks of 256 KiB of a log in memory, and a Sink that does nothing.
func BenchmarkParse(b *testing.B) {
	for _, format := range slices.Concat(synth.Formats, synth.MySQLFormats) {
		b.Run(format, func(b *testing.B) {
			data := synthetic(b, synth.Options{Seed: 1, Format: format, Size: 16 << 20})
			log := open(b, data)
			blocks := cut(log, data, 256<<10)
			p := log.NewParser(&counting{})
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				for _, block := range blocks {
					p.Parse(block)
				}
			}
		})
	}
}

// BenchmarkCut is the Cutter alone, which is all that workers do one after the other. That of a slow log reads every statement.
func BenchmarkCut(b *testing.B) {
	for _, format := range slices.Concat([]string{"pg"}, synth.MySQLFormats) {
		b.Run(format, func(b *testing.B) {
			data := synthetic(b, synth.Options{Seed: 1, Format: format, Size: 16 << 20})
			log := open(b, data)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				cut(log, data, 256<<10)
			}
		})
	}
}

// cut cuts a log into blocks of whole entries, as it is read in pieces of a size.
func cut(log *parse.Log, data []byte, size int) (blocks []parse.Block) {
	return cutBlocks(log, data, func(int) int { return size })
}
