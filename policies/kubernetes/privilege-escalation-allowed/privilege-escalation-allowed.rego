# METADATA
# title: Container may gain more privileges than its parent
# description: |
#   Without this setting a process can gain rights that the container was not given, for instance by starting a
#   setuid program such as `su`. Almost no service needs that, and an attacker who got in as an ordinary user
#   becomes root with it. Pods that run on Windows have no such setting.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: high
#   enabled: default
#   category: hardening
#   objects: [pod]
#   remediation: >-
#     Set `securityContext.allowPrivilegeEscalation: false` on the container; the pod cannot set it.
#   implied_by: [kubernetes/privileged]
#   frameworks:
#     pss: [restricted]
#     cis-kubernetes: ["5.2.6"]
#   equivalents:
#     trivy: [KSV-0001]
#     checkov: [CKV_K8S_20]
#     kube-linter: [privilege-escalation-container]
#     kics: [5572cc5e]
#     kubescape: [C-0016]
package policies.kubernetes["privilege-escalation-allowed"]

import data.policies.lib.finding
import data.policies.lib.kubernetes

deny contains finding.at(path, message) if {
	not kubernetes.is_windows
	some c in kubernetes.containers
	not c.container.securityContext.allowPrivilegeEscalation == false
	path := array.concat(c.path, ["securityContext", "allowPrivilegeEscalation"])
	message := $"container {c.label} may gain more privileges than its parent"
}
