package main

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/covetlog/covetlog/internal/ingest"
)

// patience is how long a run takes before it shows how far it is, unless it always does.
const patience = time.Second

// progress is the bar of a run. It is drawn at the first update from a time on; it may never be.
type progress struct {
	mu    sync.Mutex // a run that was given up may still be at work
	shown bool
	from  time.Time
	total int64 // of the bar
	bar   *progressbar.ProgressBar
	draw  func(total int64) *progressbar.ProgressBar
}

func (p *program) progressBar(when string) *progress {
	from := time.Now()
	if when == auto {
		from = from.Add(patience)
	}
	return &progress{
		shown: when == always || when == auto && isTerminal(p.stderr),
		from:  from,
		draw: func(total int64) *progressbar.ProgressBar {
			return progressbar.NewOptions64(total,
				progressbar.OptionSetWriter(p.stderr),
				progressbar.OptionShowBytes(true),
				progressbar.OptionShowCount(),
				progressbar.OptionSetWidth(24),
				progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionSetPredictTime(true),
				progressbar.OptionClearOnFinish())
		},
	}
}

// update shows how far the run is. Bytes are those on the disk, so that a compressed log comes to its end, too.
func (b *progress) update(now ingest.Progress) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.shown || time.Now().Before(b.from) {
		return
	}
	total := now.Total
	if total == 0 {
		total = -1 // a spinner: the size is not known
	}
	switch {
	case b.bar == nil:
		b.bar = b.draw(total)
	case b.total != total:
		b.bar.ChangeMax64(total)
	}
	b.total = total
	b.bar.Set64(now.Done)
}

// clear removes the bar for good.
func (b *progress) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shown = false
	if b.bar != nil {
		b.bar.Clear()
	}
}
