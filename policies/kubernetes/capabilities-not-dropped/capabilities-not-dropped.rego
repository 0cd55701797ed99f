# METADATA
# title: Container keeps capabilities that it was never asked for
# description: |
#   A container starts with a dozen capabilities of root: it may change owners of files, bind low ports, forge
#   network packets. Dropping `ALL` and adding back the one that is needed leaves an attacker nothing to work with.
#   Pods that run on Windows have no capabilities. A privileged container has all of them, whatever it drops.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#   - ref: https://github.com/kubernetes/cri-api/blob/12790a4ab088c6093e24421f073c269c6c2c101a/pkg/apis/runtime/v1/api.proto#L773
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: medium
#   enabled: default
#   category: hardening
#   objects: [pod]
#   remediation: >-
#     Set `securityContext.capabilities.drop: ["ALL"]` on the container, and `add` what it really needs.
#   implied_by: [kubernetes/privileged]
#   frameworks:
#     pss: [restricted]
#     cis-kubernetes: ["5.2.10"]
#   equivalents:
#     trivy: [KSV-0003, KSV-0004]
#     checkov: [CKV_K8S_37]
#     kics: [268ca686]
package policies.kubernetes["capabilities-not-dropped"]

import data.policies.lib.finding
import data.policies.lib.kubernetes

deny contains finding.at(path, message) if {
	not kubernetes.is_windows
	some c in kubernetes.containers
	not _drops_all(c)
	path := array.concat(c.path, ["securityContext", "capabilities", "drop"])
	message := $"container {c.label} does not drop ALL capabilities"
}

_drops_all(c) if "ALL" in c.container.securityContext.capabilities.drop
