# METADATA
# title: Container may write to its root file system
# description: |
#   A program that can change its own image can be made to keep what an attacker puts there, and fills the node's
#   disk with what it writes. Most services write to one or two folders only, which volumes can hold. Pods that run
#   on Windows cannot have a read-only root.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: low
#   enabled: default
#   category: hardening
#   objects: [pod]
#   remediation: >-
#     Set `securityContext.readOnlyRootFilesystem: true`, and mount an `emptyDir` where the program writes.
#   equivalents:
#     trivy: [KSV-0014]
#     checkov: [CKV_K8S_22]
#     kube-linter: [no-read-only-root-fs]
#     kics: [a9c2f49d]
#     kubescape: [C-0017]
package policies.kubernetes["root-file-system-writable"]

import data.policies.lib.finding
import data.policies.lib.kubernetes

deny contains finding.at(path, message) if {
	not kubernetes.is_windows
	some c in kubernetes.containers
	not c.container.securityContext.readOnlyRootFilesystem == true
	path := array.concat(c.path, ["securityContext", "readOnlyRootFilesystem"])
	message := $"container {c.label} may write to its root file system"
}
