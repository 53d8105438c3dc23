package stats

import (
	"math"
	"math/big"
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

// Bucket returns the index of the bucket of v: the k with 2^((k-1)/64) < v <= 2^(k/64), for v >= 1. Beyond 2^53 (104 days) v is taken
// as the nearest float64, as Prometheus does.
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
// read from it is within 0.55 % and half a nanosecond of the true one; up to 48 values are kept as they are and give it exactly.
// The zero value is ready to use. Durations of 0 and less are counted in a bucket of their own.
type Histogram struct {
	exact  []int64  // sorted only when asked; nil once counts is in use
	first  int      // bucket of counts[0]
	counts []uint16 // from first on; of 200 patterns they fit the second-level cache, of 32 bits they would not
	zeros  uint64
	over   map[int]uint64 // what passed 16 bits, by bucket
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
	h.bucket(v)
}

// AddN counts a value n times.
func (h *Histogram) AddN(v, n int64) {
	if n <= exactValues {
		for range n {
			h.Add(v)
		}
		return
	}
	if h.counts == nil {
		h.spill()
	}
	if v <= 0 {
		h.zeros += uint64(n)
		return
	}
	h.add(Bucket(v), uint64(n))
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
	h.first, h.counts = lo, make([]uint16, hi-lo+1)
	for _, v := range h.exact {
		h.bucket(v)
	}
	h.exact = nil
}

// bucket counts one value in its bucket.
func (h *Histogram) bucket(v int64) {
	if v <= 0 {
		h.zeros++
		return
	}
	k := Bucket(v)
	if i := k - h.first; uint(i) < uint(len(h.counts)) && h.counts[i] < math.MaxUint16 {
		h.counts[i]++
		return
	}
	h.add(k, 1)
}

// add counts n values in bucket k.
func (h *Histogram) add(k int, n uint64) {
	if i := k - h.first; uint(i) >= uint(len(h.counts)) {
		h.widen(k)
	}
	i := k - h.first
	sum := uint64(h.counts[i]) + n
	if h.counts[i] = uint16(sum); sum > math.MaxUint16 {
		if h.over == nil {
			h.over = map[int]uint64{}
		}
		h.over[k] += sum &^ math.MaxUint16
	}
}

// widen makes room for bucket k, with a quarter of an octave to spare.
func (h *Histogram) widen(k int) {
	lo, hi := min(h.first, k), max(h.first+len(h.counts)-1, k)
	if k < h.first {
		lo = max(0, k-perOctave/4)
	} else {
		hi = k + perOctave/4
	}
	wider := make([]uint16, hi-lo+1)
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
		h.bucket(v)
	}
	h.zeros += o.zeros
	for k, n := range o.buckets {
		h.add(k, n)
	}
}

// buckets yields the buckets above zero that hold values, in ascending order. It is for a Histogram that has spilt.
func (h *Histogram) buckets(yield func(k int, n uint64) bool) {
	for i, c := range h.counts {
		n := uint64(c)
		if h.over != nil {
			n += h.over[h.first+i]
		}
		if n > 0 && !yield(h.first+i, n) {
			return
		}
	}
}

// Quantile returns the nearest-rank q-quantile (0 < q <= 1) of n values: the ceil(q*n)-th smallest.
// From buckets it is the geometric middle of the bucket that holds it. It is 0 without values.
func (h *Histogram) Quantile(q float64) int64 {
	if h.counts == nil {
		return quantileOf(h.exact, q)
	}
	n := h.zeros
	for _, c := range h.buckets {
		n += c
	}
	rank := min(uint64(max(1, math.Ceil(q*float64(n)))), n) // beyond 2^53 the product is rounded
	if rank <= h.zeros {
		return 0
	}
	seen := h.zeros
	for k, c := range h.buckets {
		if seen += c; seen >= rank {
			return int64(math.Round(math.Exp2((float64(k) - 0.5) / perOctave)))
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
	for k, c := range b.buckets {
		if !yield(UpperBound(k), c) {
			return
		}
	}
}

// Wide is an unsigned 128-bit integer that ends at its largest value: sums of squares of nanoseconds pass 64 bits within seconds.
type Wide struct{ Hi, Lo uint64 }

// AddSquare adds v*v.
func (w *Wide) AddSquare(v int64) {
	hi, lo := bits.Mul64(uint64(v), uint64(v))
	w.Add(Wide{hi, lo})
}

// Add adds o.
func (w *Wide) Add(o Wide) {
	lo, carry := bits.Add64(w.Lo, o.Lo, 0)
	hi, carry := bits.Add64(w.Hi, o.Hi, carry)
	if carry > 0 {
		hi, lo = math.MaxUint64, math.MaxUint64
	}
	w.Hi, w.Lo = hi, lo
}

// times returns n times w.
func (w Wide) times(n uint64) Wide {
	carry, lo := bits.Mul64(w.Lo, n)
	over, hi := bits.Mul64(w.Hi, n)
	hi, more := bits.Add64(hi, carry, 0)
	if over+more > 0 {
		return Wide{math.MaxUint64, math.MaxUint64}
	}
	return Wide{hi, lo}
}

func (w *Wide) big() *big.Int {
	v := new(big.Int).SetUint64(w.Hi)
	return v.Lsh(v, 64).Or(v, new(big.Int).SetUint64(w.Lo))
}
