# METADATA
# title: Pod shares a namespace with its node
# description: |
#   With `hostPID` a pod sees and may signal every process of the node, with `hostIPC` it reads their shared memory,
#   with `hostNetwork` it listens on the node's addresses and goes round every NetworkPolicy. Each of them takes
#   away a wall that containers are made of.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: high
#   enabled: default
#   category: hardening
#   objects: [pod]
#   remediation: Remove `hostPID`, `hostIPC` and `hostNetwork`; publish ports with a Service.
#   frameworks:
#     pss: [baseline]
#     cis-kubernetes: ["5.2.3", "5.2.4", "5.2.5"]
#   equivalents:
#     trivy: [KSV-0008, KSV-0009, KSV-0010]
#     checkov: [CKV_K8S_17, CKV_K8S_18, CKV_K8S_19]
#     kube-linter: [host-ipc, host-network, host-pid]
#     kics: [302736f4, 6b6bdfb3, cd290efd]
#     kubescape: [C-0038, C-0041]
package policies.kubernetes["host-namespace-shared"]

import data.policies.lib.finding
import data.policies.lib.kubernetes

deny contains finding.at(path, message) if {
	some field, namespace in {"hostIPC": "IPC", "hostNetwork": "network", "hostPID": "process"}
	kubernetes.pod.spec[field] == true
	path := array.concat(kubernetes.pod.path, [field])
	message := $"pod shares the {namespace} namespace of its node"
}
