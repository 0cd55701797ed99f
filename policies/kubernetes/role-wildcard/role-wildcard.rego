# METADATA
# title: Role grants everything with a wildcard
# description: |
#   A wildcard grants what exists today and whatever is added tomorrow: every verb includes `escalate` and
#   `impersonate`, every resource includes Secrets. Whoever gets hold of the account gets far more than the program
#   needs.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: high
#   enabled: default
#   category: access
#   objects: [role]
#   remediation: List the verbs and resources that the program really uses.
#   frameworks:
#     cis-kubernetes: ["5.1.3"]
#   equivalents:
#     trivy: [KSV-0044, KSV-0045, KSV-0046, KSV-0112]
#     checkov: [CKV_K8S_49]
#     kube-linter: [wildcard-in-rules]
#     kics: [6b896afb]
#     kubescape: [C-0187]
package policies.kubernetes["role-wildcard"]

import data.policies.lib.finding

deny contains finding.at(path, message) if {
	some index, granted in input.rules
	some field, everything in {
		"nonResourceURLs": "every URL",
		"resources": "every resource",
		"verbs": "every verb",
	}
	some position, value in granted[field]
	value == "*"
	path := ["rules", index, field, position]
	message := $"{input.kind} grants {everything}"
}
