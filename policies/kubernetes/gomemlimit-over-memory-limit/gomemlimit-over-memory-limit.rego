# METADATA
# title: GOMEMLIMIT is above the container's memory limit
# description: |
#   The Go runtime collects garbage harder as it nears GOMEMLIMIT. Where that lies above the memory limit of the
#   container, the kernel kills the program before the runtime notices that memory is short.
# related_resources:
#   - ref: https://go.dev/doc/gc-guide#Memory_limit
#   - ref: https://pkg.go.dev/runtime#hdr-Environment_Variables
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: high
#   enabled: default
#   category: resources
#   objects: [pod]
#   remediation: >-
#     Set GOMEMLIMIT to about 90 % of `resources.limits.memory`, in Go's units (`460MiB` for a limit of `512Mi`).
package policies.kubernetes["gomemlimit-over-memory-limit"]

import data.policies.lib.finding
import data.policies.lib.kubernetes
import data.policies.lib.quantity
import data.policies.lib.resources

deny contains finding.at(variable.path, message) if {
	some c in resources.containers
	variable := kubernetes.literal(c, "GOMEMLIMIT")
	limit := resources.limit(c, "memory")
	quantity.go_bytes(variable.value) > quantity.amount(limit)
	message := $"GOMEMLIMIT {variable.value} of container {c.label} is above its memory limit {limit}"
}
