# METADATA
# title: Go program is installed at a moving version
# description: |
#   `@latest` takes whatever is newest on the day of the build, and a branch whatever was pushed last. The build
#   cannot be repeated, and a hijacked module reaches it at once.
# related_resources:
#   - ref: https://go.dev/ref/mod#go-install
#   - ref: https://go.dev/ref/mod#version-queries
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   enabled: default
#   category: supply-chain
#   remediation: |
#     Name the version:
#     ```dockerfile
#     RUN go install golang.org/x/tools/cmd/stringer@v0.38.0
#     ```
#   equivalents:
#     hadolint: [DL3062]
package policies.dockerfile["go-install-unpinned"]

import data.policies.lib.dockerfile
import data.policies.lib.finding

deny contains finding.at(path, message) if {
	some found in dockerfile.all_commands
	found.command.name == "go"
	found.command.arguments[0].value in {"install", "get", "run"}
	some index, word in found.command.arguments
	regex.match(`^[^@]+@(latest|upgrade|patch|master|main|HEAD)$`, word.value)
	path := array.concat(found.path, ["arguments", index])
	message := $"go {found.command.arguments[0].value} takes {word.value}"
}
