# METADATA
# title: Go program carries its symbol table and debug information
# description: |
#   The Go linker adds a symbol table and DWARF data, a quarter to a third of the file, which the program does not
#   need to run; stack traces stay readable without them. Every node downloads them with the image.
# related_resources:
#   - ref: https://pkg.go.dev/cmd/link
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   enabled: default
#   category: efficiency
#   remediation: |
#     Tell the linker to leave them out:
#     ```dockerfile
#     RUN go build -ldflags="-s -w" -o /app .
#     ```
package policies.dockerfile["go-binary-not-stripped"]

import data.policies.lib.finding
import data.policies.lib.go_build
import data.policies.lib.go_flags

deny contains finding.at(found.path, message) if {
	some found in go_build.builds
	not go_build.is_stripped(found)
	not go_flags.has_unknown_flags(found)
	message := $"go {found.command.arguments[0].value} leaves the symbol table in the program"
}
