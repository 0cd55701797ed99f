# METADATA
# title: Container has no memory limit
# description: |
#   A container without a memory limit may take all the memory of its node. When it leaks, the kernel kills
#   processes there, and they are seldom only its own. A limit of zero is none; a limit of the whole pod holds for
#   each of its containers.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: medium
#   enabled: default
#   category: resources
#   objects: [pod]
#   remediation: Set `resources.limits.memory` a little above what the container was seen to need.
#   equivalents:
#     trivy: [KSV-0018]
#     checkov: [CKV_K8S_13]
#     kube-linter: [unset-memory-requirements]
#     kics: [b14d1bc4]
#     kubescape: [C-0271]
package policies.kubernetes["memory-limit-missing"]

import data.policies.lib.finding
import data.policies.lib.resources

deny contains finding.at(path, message) if {
	some c in resources.containers
	not resources.limit(c, "memory")
	path := array.concat(c.path, ["resources", "limits", "memory"])
	message := $"container {c.label} has no memory limit"
}
