module github.com/covetlog/covetlog

go 1.26
