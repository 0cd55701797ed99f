# METADATA
# title: Container runs without a seccomp profile
# description: |
#   Without a seccomp profile a container may make every system call, also the rare ones in which most holes of the
#   kernel are found. The runtime's own profile stops those and is hardly ever noticed by a service. Pods that run
#   on Windows have no seccomp. A privileged container always runs without it, whatever profile it names.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tutorials/security/seccomp/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: medium
#   enabled: default
#   category: hardening
#   objects: [pod]
#   remediation: >-
#     Set `securityContext.seccompProfile.type: RuntimeDefault` (or `Localhost` with a profile of your own) on the
#     pod or on each container.
#   implied_by: [kubernetes/privileged]
#   frameworks:
#     pss: [restricted]
#     cis-kubernetes: ["5.7.2"]
#   equivalents:
#     trivy: [KSV-0030, KSV-0104]
#     checkov: [CKV_K8S_31]
#     kics: [f377b83e]
#     kubescape: [C-0210]
package policies.kubernetes["seccomp-not-set"]

import data.policies.lib.finding
import data.policies.lib.kubernetes

deny contains finding.at(blame.path, blame.message) if {
	not kubernetes.is_windows
	some c in kubernetes.containers
	not _is_confined(c)
	blame := _unconfined(c)
}

_is_confined(c) if kubernetes.security(c, "seccompProfile").value.type in {"Localhost", "RuntimeDefault"}

_unconfined(c) := {"path": path, "message": $"{profile.owner} has the seccomp profile {profile.value.type}"} if {
	profile := kubernetes.security(c, "seccompProfile")
	profile.value.type != null
	path := array.concat(profile.path, ["type"])
} else := {"path": path, "message": $"container {c.label} has no seccomp profile"} if {
	path := array.concat(c.path, ["securityContext", "seccompProfile"])
}
