package normalize

// texts knows texts that were lexed before, as templates. It is bounded.
type texts struct {
	tree     tree
	template template
}

// maxBranches bounds the tree: about 130 bytes each and their text. A full tree starts over.
const maxBranches = 1 << 17

// learn takes a text that was not known; its holes are in the template.
func (x *texts) learn(s *Shape) {
	if !x.template.sound() {
		return
	}
	if x.tree.branches > maxBranches {
		x.tree = tree{}
	}
	x.tree.insert(&x.template, s)
}
