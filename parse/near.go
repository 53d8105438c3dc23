package parse

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Columns, keys and names are short. bytes.IndexByte takes as long to start as to read 32 bytes, so what is near is looked for 8 bytes at a
// time first.

const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
	near  = 32
)

// zeros has the high bit set of the lowest zero byte of x, and perhaps of ones above it.
func zeros(x uint64) uint64 { return (x - lows) &^ x & highs }

// indexFrom returns the place of the next c at or behind i, -1 without one.
func indexFrom(b []byte, i int, c byte) int {
	pattern := uint64(c) * lows
	for end := i + near; i < end && len(b)-i >= 8; i += 8 {
		if z := zeros(binary.LittleEndian.Uint64(b[i:]) ^ pattern); z != 0 {
			return i + bits.TrailingZeros64(z)/8
		}
	}
	if k := bytes.IndexByte(b[i:], c); k >= 0 {
		return i + k
	}
	return -1
}

// commaFrom returns the place of the next comma or newline at or behind i, len(b) without one.
func commaFrom(b []byte, i int) int {
	for ; len(b)-i >= 8; i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		if z := zeros(x^','*lows) | zeros(x^'\n'*lows); z != 0 {
			return i + bits.TrailingZeros64(z)/8
		}
	}
	for i < len(b) && b[i] != ',' && b[i] != '\n' {
		i++
	}
	return i
}
