package alert

import "fmt"

// panicError is the failure of a handler that panicked.
type panicError struct{ value any }

func (p panicError) Error() string { return fmt.Sprintf("the handler panicked: %v", p.value) }
