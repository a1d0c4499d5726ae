//go:build tools

// Package tools imports the command that `npm run engines` builds, so that `go mod tidy` keeps what it needs.
package tools

import (
	_ "go.etcd.io/etcd/server/v3"
)
