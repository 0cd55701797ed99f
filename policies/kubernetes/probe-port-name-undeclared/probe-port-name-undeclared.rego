# METADATA
# title: Probe asks a port name that its container does not declare
# description: |
#   The kubelet looks a named port up among the `ports` of the same container. A name that is not there can never be
#   found, so the probe always fails: the container never becomes ready, or is restarted for ever.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/probes/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: high
#   enabled: default
#   category: reliability
#   objects: [pod]
#   remediation: Give a port of the container that `name`, or write the name or number of one that it declares.
#   equivalents:
#     kube-linter: [liveness-port, readiness-port, startup-port]
package policies.kubernetes["probe-port-name-undeclared"]

import data.policies.lib.finding
import data.policies.lib.probes

deny contains finding.at(port.path, message) if {
	some port in probes.ports
	is_string(port.value)
	not _declares(port.c, port.value)
	message := $"{port.probe} asks port {port.value}, a name that container {port.c.label} does not declare"
}

_declares(c, name) if {
	some declared in c.container.ports
	declared.name == name
}
