# METADATA
# title: Container is privileged
# description: |
#   A privileged container sees every device of its node, holds every capability and runs without seccomp and
#   AppArmor. Whoever breaks into the program owns the node, and with it every other pod there.
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
#   remediation: Remove `securityContext.privileged`, and add the one capability or device that is really needed.
#   frameworks:
#     pss: [baseline]
#     cis-kubernetes: ["5.2.2"]
#   equivalents:
#     trivy: [KSV-0017]
#     checkov: [CKV_K8S_16]
#     kube-linter: [privileged-container]
#     kics: [dd29336b]
#     kubescape: [C-0057]
package policies.kubernetes.privileged

import data.policies.lib.finding
import data.policies.lib.kubernetes

deny contains finding.at(path, message) if {
	some c in kubernetes.containers
	c.container.securityContext.privileged == true
	path := array.concat(c.path, ["securityContext", "privileged"])
	message := $"container {c.label} is privileged"
}
