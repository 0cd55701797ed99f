# METADATA
# title: Container that serves a port has no readiness probe
# description: |
#   Without a readiness probe a pod gets requests from the moment its process starts, long before it can answer, and
#   goes on getting them when it no longer can. Each rollout then loses requests. Pods that run to completion, init
#   and ephemeral containers need none.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/probes/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: medium
#   enabled: default
#   category: reliability
#   objects: [pod]
#   remediation: Add a `readinessProbe` that asks the container's own port.
#   equivalents:
#     checkov: [CKV_K8S_9]
#     kube-linter: [no-readiness-probe]
#     kics: [a659f3b5]
#     kubescape: [C-0018]
package policies.kubernetes["readiness-probe-missing"]

import data.policies.lib.finding
import data.policies.lib.probes

deny contains finding.at(path, message) if {
	some c in probes.serving_containers
	_declares_port(c)
	not _is_probed(c)
	path := array.concat(c.path, ["readinessProbe"])
	message := $"container {c.label} has no readiness probe"
}

_is_probed(c) if is_object(c.container.readinessProbe)

_declares_port(c) if {
	some port in c.container.ports
	port.containerPort
}
