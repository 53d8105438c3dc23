package stats

import (
	"math"
	"math/bits"
	"slices"
)

// Schema is the resolution of a Histogram: 2^Schema buckets for each doubling. It is the schema of
// Prometheus native histograms and the scale of OpenTelemetry exponential histograms.
const Schema = 6

const (
	perOctave = 1 << Schema
	// exactValues is how many values are kept as they are before buckets are used. Most patterns of
	// a log are rare: their percentiles are exact and they take 8 bytes a value.
	exactValues = 48
)

// bounds[i] is the mantissa, as a 52-bit fraction, at which bucket i of an octave begins: a value v
// in [2^e, 2^(e+1)) is in bucket i when 2^(i/64) < v/2^e <= 2^((i+1)/64).
var bounds = func() (b [perOctave]uint64) {
	for i := range b {
		b[i] = math.Float64bits(math.Exp2(float64(i)/perOctave)) & (1<<52 - 1)
	}
	return b
}()

// guess[m>>46] is the bucket of the smallest mantissa with those six leading bits; the right one is at most
// two further on.
var guess = func() (g [perOctave]uint8) {
	for i := range g {
		m := uint64(i) << 46
		for g[i] < perOctave-1 && bounds[g[i]+1] < m {
			g[i]++
		}
	}
	return g
}()

// Bucket returns the index of the bucket of v: the k with 2^((k-1)/64) < v <= 2^(k/64), for v >= 1.
func Bucket(v int64) int {
	f := math.Float64bits(float64(v))
	exponent := int(f>>52) - 1023
	m := f & (1<<52 - 1)
	i := int(guess[m>>46])
	for i < perOctave-1 && m > bounds[i+1] {
		i++
	}
	if m == 0 {
		return exponent * perOctave
	}
	return exponent*perOctave + i + 1
}

// UpperBound returns the largest value of bucket k, 2^(k/64).
func UpperBound(k int) float64 { return math.Exp2(float64(k) / perOctave) }

// Histogram counts durations in exponential buckets with bounds 2^(k/64) nanoseconds. A percentile
// read from it is within 0.55 % of the true one; up to 48 values are kept as they are and give it exactly.
// The zero value is ready to use. Durations of 0 and less are counted in a bucket of their own.
type Histogram struct {
	exact  []int64  // sorted only when asked; nil once counts is in use
	first  int      // bucket of counts[0]
	counts []uint64 // from first on
	zeros  uint64
}

// Add counts one value.
func (h *Histogram) Add(v int64) {
	if h.counts == nil {
		if len(h.exact) < exactValues {
			h.exact = append(h.exact, v)
			return
		}
		h.spill()
	}
	h.bucket(v, 1)
}

func (h *Histogram) spill() {
	lo, hi := math.MaxInt, 0
	for _, v := range h.exact {
		if v > 0 {
			lo, hi = min(lo, Bucket(v)), max(hi, Bucket(v))
		}
	}
	if lo > hi {
		lo, hi = 0, 0
	}
	h.first, h.counts = lo, make([]uint64, hi-lo+1)
	for _, v := range h.exact {
		h.bucket(v, 1)
	}
	h.exact = nil
}

func (h *Histogram) bucket(v int64, n uint64) {
	if v <= 0 {
		h.zeros += n
		return
	}
	k := Bucket(v)
	if i := k - h.first; uint(i) < uint(len(h.counts)) {
		h.counts[i] += n
		return
	}
	h.widen(k)
	h.counts[k-h.first] += n
}

// widen makes room for bucket k, with a little to spare.
func (h *Histogram) widen(k int) {
	lo, hi := min(h.first, k), max(h.first+len(h.counts)-1, k)
	if k < h.first {
		lo = max(0, k-8)
	} else {
		hi = k + 8
	}
	wider := make([]uint64, hi-lo+1)
	copy(wider[h.first-lo:], h.counts)
	h.first, h.counts = lo, wider
}

// Merge adds the values of o, which is left as it is.
func (h *Histogram) Merge(o *Histogram) {
	if o.counts == nil && h.counts == nil && len(h.exact)+len(o.exact) <= exactValues {
		h.exact = append(h.exact, o.exact...)
		return
	}
	if h.counts == nil {
		h.spill()
	}
	for _, v := range o.exact {
		h.bucket(v, 1)
	}
	h.zeros += o.zeros
	if len(o.counts) == 0 {
		return
	}
	for _, k := range []int{o.first, o.first + len(o.counts) - 1} {
		if i := k - h.first; uint(i) >= uint(len(h.counts)) {
			h.widen(k)
		}
	}
	for i, n := range o.counts {
		h.counts[o.first+i-h.first] += n
	}
}

// Quantile returns the nearest-rank q-quantile (0 < q <= 1) of n values: the ceil(q*n)-th smallest.
// From buckets it is the geometric middle of the bucket that holds it. It is 0 without values.
func (h *Histogram) Quantile(q float64) int64 {
	if h.counts == nil {
		return quantileOf(h.exact, q)
	}
	n := h.zeros
	for _, c := range h.counts {
		n += c
	}
	rank := uint64(max(1, math.Ceil(q*float64(n))))
	if rank <= h.zeros {
		return 0
	}
	seen := h.zeros
	for i, c := range h.counts {
		if seen += c; seen >= rank {
			return int64(math.Round(math.Exp2((float64(h.first+i) - 0.5) / perOctave)))
		}
	}
	return 0
}

func quantileOf(values []int64, q float64) int64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(1, int(math.Ceil(q*float64(len(sorted)))))-1]
}

// Buckets calls yield for each bucket that holds values, in ascending order: its largest value in
// nanoseconds and its count.
func (h *Histogram) Buckets(yield func(upper float64, count uint64) bool) {
	b := h
	if h.counts == nil {
		b = &Histogram{exact: slices.Clone(h.exact)}
		b.spill()
	}
	if b.zeros > 0 && !yield(0, b.zeros) {
		return
	}
	for i, c := range b.counts {
		if c > 0 && !yield(UpperBound(b.first+i), c) {
			return
		}
	}
}

// Wide is an unsigned 128-bit integer: sums of squares of nanoseconds pass 64 bits within seconds.
type Wide struct{ Hi, Lo uint64 }

// AddSquare adds v*v.
func (w *Wide) AddSquare(v int64) {
	hi, lo := bits.Mul64(uint64(v), uint64(v))
	var carry uint64
	w.Lo, carry = bits.Add64(w.Lo, lo, 0)
	w.Hi, _ = bits.Add64(w.Hi, hi, carry)
}

// Add adds o.
func (w *Wide) Add(o Wide) {
	var carry uint64
	w.Lo, carry = bits.Add64(w.Lo, o.Lo, 0)
	w.Hi, _ = bits.Add64(w.Hi, o.Hi, carry)
}

// Float returns the value as a float64.
func (w Wide) Float() float64 { return float64(w.Hi)*0x1p64 + float64(w.Lo) }
