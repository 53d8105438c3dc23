package normalize

// Tags calls yield for each tag that an application wrote into a comment of a statement, until it returns false.
func Tags(sql []byte, yield func(name, value []byte) bool) {}
