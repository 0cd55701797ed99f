# METADATA
# title: Container requests no CPU
# description: |
#   Without a CPU request the scheduler believes that the container needs no CPU, and under load it gets the
#   smallest share of it: a service becomes slow exactly when it is busy. A limit, and a request of the whole pod,
#   count as a request too.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: low
#   enabled: default
#   category: resources
#   objects: [pod]
#   remediation: Set `resources.requests.cpu` to what the container uses in ordinary times.
#   equivalents:
#     trivy: [KSV-0015]
#     checkov: [CKV_K8S_10]
#     kube-linter: [unset-cpu-requirements]
#     kics: [ca469dd4]
#     kubescape: [C-0268]
package policies.kubernetes["cpu-request-missing"]

import data.policies.lib.finding
import data.policies.lib.resources

deny contains finding.at(path, message) if {
	some c in resources.containers
	not resources.is_requested(c, "cpu")
	path := array.concat(c.path, ["resources", "requests", "cpu"])
	message := $"container {c.label} requests no CPU"
}
