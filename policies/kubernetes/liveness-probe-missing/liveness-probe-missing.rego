# METADATA
# title: Container has no liveness probe
# description: |
#   A process that hangs does not end, so Kubernetes does not restart it. A liveness probe finds that out. Where a
#   program ends by itself when it cannot go on, none is needed. Pods that run to completion (of a Job or CronJob, or
#   with `restartPolicy` `Never` or `OnFailure`), init and ephemeral containers need none. A bare Pod that says nothing
#   restarts always, so it is meant to run on. A worker without a port hangs as well, and a command can ask it.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/probes/
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: low
#   enabled: default
#   category: reliability
#   objects: [pod]
#   remediation: Add a `livenessProbe` that asks the process itself and none of the services it depends on.
#   equivalents:
#     checkov: [CKV_K8S_8]
#     kube-linter: [no-liveness-probe]
#     kics: [ade74944]
#     kubescape: [C-0056]
package policies.kubernetes["liveness-probe-missing"]

import data.policies.lib.finding
import data.policies.lib.probes

deny contains finding.at(path, message) if {
	some c in probes.serving_containers
	not _is_probed(c)
	path := array.concat(c.path, ["livenessProbe"])
	message := $"container {c.label} has no liveness probe"
}

_is_probed(c) if is_object(c.container.livenessProbe)
