package parse

// Outline is what a Cutter found out about a block.
type Outline struct{}
