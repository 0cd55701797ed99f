# METADATA
# title: Container may run as root
# description: |
#   A process that runs as root inside a container is root outside too, should it escape, and may change every file
#   of its image. What counts is the setting in force: the container's own, else the pod's. A user above 0 or
#   `runAsNonRoot: true` keeps root out; a pod with its own user namespace (`hostUsers: false`) maps root to an
#   ordinary user of the node. That a container is privileged is no excuse: started as another user its process has
#   none of the capabilities that root would have there.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: high
#   enabled: default
#   category: hardening
#   objects: [pod]
#   remediation: >-
#     Set `runAsNonRoot: true` in the `securityContext` of the pod or of each container, and a `runAsUser` above 0
#     where the image names its user by name or not at all.
#   frameworks:
#     pss: [restricted]
#     cis-kubernetes: ["5.2.7"]
#   equivalents:
#     trivy: [KSV-0012, KSV-0105]
#     checkov: [CKV_K8S_23]
#     kube-linter: [run-as-non-root]
#     kics: [cf34805e]
#     kubescape: [C-0013]
package policies.kubernetes["runs-as-root"]

import data.policies.lib.finding
import data.policies.lib.kubernetes

deny contains finding.at(blame.path, blame.message) if {
	not kubernetes.pod.spec.hostUsers == false
	some c in kubernetes.containers
	blame := _root(c)
}

_root(c) := {"path": user.path, "message": $"{user.owner} runs as user 0"} if {
	user := kubernetes.security(c, "runAsUser")
	user.value == 0
} else := {"path": setting.path, "message": $"{setting.owner} may run as root: runAsNonRoot is {setting.value}"} if {
	not _has_other_user(c)
	setting := kubernetes.security(c, "runAsNonRoot")
	setting.value != true
} else := {"path": path, "message": $"container {c.label} may run as root"} if {
	not _has_other_user(c)
	not kubernetes.security(c, "runAsNonRoot")
	path := array.concat(c.path, ["securityContext", "runAsNonRoot"])
}

_has_other_user(c) if {
	user := kubernetes.security(c, "runAsUser")
	is_number(user.value)
}
