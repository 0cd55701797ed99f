# METADATA
# title: Probe asks a port number that its container does not declare
# description: |
#   `ports` tells people and tools where a container listens. Where it lists some ports and the probe asks another
#   one, one of the two is usually wrong. Nothing is said where no port is declared, or where the probe names
#   another `host`.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/probes/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: low
#   enabled: default
#   category: reliability
#   objects: [pod]
#   remediation: >-
#     Write the number of a declared port, or better its name, or add the port to the container's `ports`.
#   equivalents:
#     kube-linter: [liveness-port, readiness-port, startup-port]
package policies.kubernetes["probe-port-undeclared"]

import data.policies.lib.finding
import data.policies.lib.probes

deny contains finding.at(port.path, message) if {
	some port in probes.ports
	is_number(port.value)
	not _asks_another_host(port)
	declared := {entry.containerPort | some entry in port.c.container.ports}
	count(declared) > 0
	not port.value in declared
	message := $"{port.probe} asks port {port.value}, which container {port.c.label} does not declare"
}

_asks_another_host(port) if port.handler.host != ""
