//go:build tools

// Package tools imports the commands that `npm run engines` builds, so that `go mod tidy` keeps what they need.
package tools

import (
	_ "github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno"
	_ "github.com/kyverno/kyverno/cmd/kyverno"
)
