package stats

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// exactBucket is the definition, for values of which float64 logarithms are certain enough.
func exactBucket(v int64) int { return int(math.Ceil(math.Log2(float64(v)) * perOctave)) }

func TestBucket(t *testing.T) {
	f := func(v int64, want int) {
		t.Helper()
		if got := Bucket(v); got != want {
			t.Errorf("%d is in bucket %d, want %d", v, got, want)
		}
	}
	f(1, 0)
	f(2, 64)
	f(3, 102) // log2(3) = 1.58496, 101.44
	f(1000, 638)
	f(1_000_000, 1276)
	f(1_000_000_000, 1914)
	f(math.MaxInt64, 63*64)
	for v := int64(1); v <= 1_000_000; v++ {
		if got := Bucket(v); got != exactBucket(v) {
			t.Fatalf("%d is in bucket %d, want %d", v, got, exactBucket(v))
		}
	}
	for e := range 63 {
		f(1<<e, e*64)
		if e >= 7 && e < 53 { // below, no whole number is that close; above, float64 has no neighbours
			f(1<<e+1, e*64+1)
			f(1<<e-1, e*64)
		}
	}
}

// Each bound separates its neighbours, up to where float64 has whole numbers.
func TestBucketsMeetAtTheirBounds(t *testing.T) {
	for k := 7 * 64; k < 52*64; k++ {
		below := int64(math.Floor(UpperBound(k)))
		if k%64 != 0 && float64(below) == UpperBound(k) {
			continue // the bound is not whole, its float64 is
		}
		if got := Bucket(below); got != k {
			t.Fatalf("%d, just below bound %d, is in bucket %d", below, k, got)
		}
		if got := Bucket(below + 1); got != k+1 {
			t.Fatalf("%d, just above bound %d, is in bucket %d", below+1, k, got)
		}
	}
}

// Prometheus finds the bucket of an observation by a search among the bounds of one octave. (Its index counts alike.)
func TestBucketsArePrometheus(t *testing.T) {
	var octave []float64
	for i := range perOctave {
		octave = append(octave, math.Exp2(float64(i)/perOctave)/2)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		v := int64(r.Uint64() >> (1 + r.IntN(63)))
		if v == 0 {
			continue
		}
		frac, exp := math.Frexp(float64(v))
		i, _ := slices.BinarySearch(octave, frac)
		if want := i + (exp-1)*perOctave; Bucket(v) != want {
			t.Fatalf("%d is in bucket %d, Prometheus has it in %d", v, Bucket(v), want)
		}
	}
}

var distributions = map[string]func(*rand.Rand) int64{
	"uniform":     func(r *rand.Rand) int64 { return 1 + r.Int64N(5_000_000_000) },
	"exponential": func(r *rand.Rand) int64 { return 1 + int64(r.ExpFloat64()*3e6) },
	"log-normal":  func(r *rand.Rand) int64 { return 1 + int64(math.Exp(r.NormFloat64()*2+14)) },
	"two humps":   func(r *rand.Rand) int64 { return []int64{400_000, 9_000_000_000}[r.IntN(2)] + r.Int64N(50_000) },
	"microseconds": func(r *rand.Rand) int64 {
		return 1000 * (1 + r.Int64N(300))
	},
	"nanoseconds": func(r *rand.Rand) int64 { return 1 + r.Int64N(200) },
	"constant":    func(*rand.Rand) int64 { return 123_456_789 },
	"some zeros":  func(r *rand.Rand) int64 { return max(0, r.Int64N(2_000_000)-500_000) },
}

var quantiles = []float64{.0001, .01, .05, .25, .5, .75, .9, .95, .99, .999, 1}

// nearestRank is the definition of a quantile.
func nearestRank(sorted []int64, q float64) int64 {
	return sorted[max(int(math.Ceil(q*float64(len(sorted)))), 1)-1]
}

func TestQuantileIsWithinItsError(t *testing.T) {
	for name, draw := range distributions {
		for _, n := range []int{49, 100, 1000, 20_000} {
			r := rand.New(rand.NewPCG(7, uint64(n)))
			var h Histogram
			var values []int64
			for range n {
				v := draw(r)
				h.Add(v)
				values = append(values, v)
			}
			slices.Sort(values)
			for _, q := range quantiles {
				want := nearestRank(values, q)
				if got := h.Quantile(q); math.Abs(float64(got-want)) > .0055*float64(want)+.5 {
					t.Errorf("%s: the %v-quantile of %d values is %d, want %d within 0.55 %%", name, q, n, got, want)
				}
			}
		}
	}
}

func TestQuantileOfFewValuesIsExact(t *testing.T) {
	for n := 1; n <= exactValues; n++ {
		var h Histogram
		var values []int64
		for i := range n {
			v := int64(i*i*7919%1009) * 1_000_003
			h.Add(v)
			values = append(values, v)
		}
		slices.Sort(values)
		for _, q := range quantiles {
			if got, want := h.Quantile(q), nearestRank(values, q); got != want {
				t.Errorf("the %v-quantile of %d values is %d, want %d", q, n, got, want)
			}
		}
	}
}

func TestQuantile(t *testing.T) {
	f := func(q float64, want int64, values ...int64) {
		t.Helper()
		var h Histogram
		for _, v := range values {
			h.Add(v)
		}
		if got := h.Quantile(q); got != want {
			t.Errorf("the %v-quantile of %v is %d, want %d", q, values, got, want)
		}
	}
	f(.5, 0)
	f(.5, 7, 7)
	f(.5, 10, 20, 10)
	f(.5, 20, 30, 10, 20)
	f(.95, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 19, 21)
	f(.5, 0, make([]int64, 100)...)
	f(1, 1<<40, slices.Repeat([]int64{1 << 40}, 48)...)
}

// shown is all that a Histogram tells.
func shown(h *Histogram) map[string]uint64 {
	m := map[string]uint64{}
	for upper, count := range h.Buckets {
		m[fmt.Sprintf("<= %v", upper)] = count
	}
	for _, q := range quantiles {
		m[fmt.Sprint(q)] = uint64(h.Quantile(q))
	}
	return m
}

// Merging is exact: any split of the values, merged in any order, is what all of them together are.
func TestHistogramsMergeExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		parts := make([]Histogram, 1+r.IntN(5))
		var all Histogram
		for range r.IntN(160) {
			v := max(0, int64(r.Uint64()>>(1+r.IntN(63)))-5)
			all.Add(v)
			parts[r.IntN(len(parts))].Add(v)
		}
		var forward, backward Histogram
		for i := range parts {
			forward.Merge(&parts[i])
			backward.Merge(&parts[len(parts)-1-i])
		}
		if want := shown(&all); !maps.Equal(shown(&forward), want) || !maps.Equal(shown(&backward), want) {
			t.Fatalf("%d parts merged are\n%v, backward\n%v, want\n%v", len(parts), shown(&forward), shown(&backward), want)
		}
	}
}

func TestMergeLeavesTheOtherAsItIs(t *testing.T) {
	for _, n := range []int{3, 48, 49, 200} {
		var a, b Histogram
		for i := range n {
			b.Add(int64(i) * 1000)
		}
		want := shown(&b)
		a.Merge(&b)
		for i := range 300 {
			a.Add(int64(i))
		}
		if !maps.Equal(shown(&b), want) {
			t.Errorf("of %d values, merged into another, that one's later values show", n)
		}
	}
}

func TestBucketsHoldAllValues(t *testing.T) {
	for _, n := range []int{0, 1, 48, 49, 5000} {
		var h Histogram
		for i := range n {
			h.Add(int64(i) * 999)
		}
		var sum uint64
		last := -1.0
		for upper, count := range h.Buckets {
			if upper <= last || count == 0 {
				t.Errorf("bucket up to %v, with %d values, follows that up to %v", upper, count, last)
			}
			sum, last = sum+count, upper
		}
		if sum != uint64(n) {
			t.Errorf("the buckets of %d values hold %d", n, sum)
		}
	}
}

// Counts pass 32 bits: 49 values doubled 40 times.
func TestManyValues(t *testing.T) {
	var h Histogram
	for range 40 {
		h.Add(1_000_000)
	}
	h.Add(0)
	for i := range 8 {
		h.Add(1_000_000_000 << i)
	}
	before := shown(&h)
	for range 40 {
		h.Merge(&h)
	}
	for range 3 {
		h.Add(1_000_000)
	}
	for upper, count := range h.Buckets {
		want := before[fmt.Sprintf("<= %v", upper)] << 40
		if upper == UpperBound(Bucket(1_000_000)) {
			want += 3
		}
		if count != want {
			t.Errorf("up to %v there are %d values, want %d", upper, count, want)
		}
	}
	if got := h.Quantile(.5); math.Abs(float64(got)-1e6) > 5500 {
		t.Errorf("the median is %d, want about 1000000", got)
	}
}

// As a float64, this count is larger than it is.
func TestTheLastOfVeryManyValues(t *testing.T) {
	k := Bucket(1000)
	h := Histogram{first: k, counts: []uint16{math.MaxUint16}, over: map[int]uint64{k: 1<<54 - 1<<16}}
	if got := h.Quantile(1); math.Abs(float64(got)-1000) > 6 {
		t.Errorf("the largest value is %d, want about 1000", got)
	}
}

// One value after the other, a bucket passes what its own count holds, too.
func TestABucketIsFull(t *testing.T) {
	h := Histogram{first: Bucket(1000), counts: []uint16{math.MaxUint16 - 1}}
	for range 3 {
		h.Add(1000)
	}
	var other Histogram
	other.Merge(&h)
	for _, h := range []*Histogram{&h, &other} {
		for upper, count := range h.Buckets {
			if upper != UpperBound(Bucket(1000)) || count != math.MaxUint16+2 {
				t.Errorf("up to %v there are %d values", upper, count)
			}
		}
	}
}

func BenchmarkHistogramAdd(b *testing.B) {
	var values [1024]int64
	r := rand.New(rand.NewPCG(1, 1))
	for i := range values {
		values[i] = distributions["log-normal"](r)
	}
	var h Histogram
	for i := 0; b.Loop(); i++ {
		h.Add(values[i&1023])
	}
}
