# METADATA
# title: GOMEMLIMIT is written in units that Go does not know
# description: |
#   The Go runtime reads GOMEMLIMIT before the program starts, and stops it with `malformed GOMEMLIMIT` where it
#   cannot. Its units are not those of Kubernetes: `512MiB` is right, `512Mi` and `512MB` are not.
# related_resources:
#   - ref: https://pkg.go.dev/runtime#hdr-Environment_Variables
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: high
#   enabled: default
#   category: reliability
#   objects: [pod]
#   remediation: Write a whole number followed by `B`, `KiB`, `MiB`, `GiB`, `TiB` or nothing (bytes), or `off`.
package policies.kubernetes["gomemlimit-invalid"]

import data.policies.lib.finding
import data.policies.lib.kubernetes
import data.policies.lib.quantity

deny contains finding.at(variable.path, message) if {
	some c in kubernetes.containers
	variable := kubernetes.literal(c, "GOMEMLIMIT")
	not variable.value in {"", "off"}
	not quantity.go_bytes(variable.value)
	message := $"GOMEMLIMIT {variable.value} of container {c.label} is malformed"
}
