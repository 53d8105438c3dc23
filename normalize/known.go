package normalize

import "sync"

// known holds the fingerprints of shapes for all Caches of the process: every worker meets every shape, and one call of pg_query costs as
// much as a thousand lookups. It starts over when it is full.
var known = struct {
	sync.Mutex
	fingerprints map[string]Fingerprint
	bytes        int
}{fingerprints: map[string]Fingerprint{}}

// fingerprintOf returns the fingerprint of a shape, asking pg_query only if nobody has.
func fingerprintOf(shape []byte) Fingerprint {
	known.Lock()
	f, ok := known.fingerprints[string(shape)]
	known.Unlock()
	if ok {
		return f
	}
	f = fingerprint(shape)
	known.Lock()
	defer known.Unlock()
	if known.bytes += len(shape) + len(f.Text); known.bytes > maxShapeBytes {
		clear(known.fingerprints)
		known.bytes = len(shape) + len(f.Text)
	}
	known.fingerprints[string(shape)] = f
	return f
}
