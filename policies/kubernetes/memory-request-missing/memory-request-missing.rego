# METADATA
# title: Container requests no memory
# description: |
#   Without a memory request the scheduler believes that the container needs none, and puts it on a node that has
#   none left. Such a container is also the first that is evicted. A limit, and a request of the whole pod, count as
#   a request too.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: low
#   enabled: default
#   category: resources
#   objects: [pod]
#   remediation: Set `resources.requests.memory` to what the container uses in ordinary times.
#   equivalents:
#     trivy: [KSV-0016]
#     checkov: [CKV_K8S_12]
#     kube-linter: [unset-memory-requirements]
#     kics: [229588ef]
#     kubescape: [C-0269]
package policies.kubernetes["memory-request-missing"]

import data.policies.lib.finding
import data.policies.lib.resources

deny contains finding.at(path, message) if {
	some c in resources.containers
	not resources.is_requested(c, "memory")
	path := array.concat(c.path, ["resources", "requests", "memory"])
	message := $"container {c.label} requests no memory"
}
