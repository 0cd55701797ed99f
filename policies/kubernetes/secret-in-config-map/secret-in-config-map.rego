# METADATA
# title: ConfigMap holds a secret
# description: |
#   Everyone who may look at a namespace can read its ConfigMaps; access to Secrets is granted separately, and they
#   can be encrypted. A secret in a committed manifest is also known to everyone who can read the repository.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/secret/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: high
#   enabled: default
#   category: secrets
#   objects: [config-map]
#   remediation: >-
#     Move the value to a Secret that is not committed in clear text (sealed, encrypted with SOPS, or made by
#     External Secrets); then change it, for it is known.
#   frameworks:
#     cis-kubernetes: ["5.4.1"]
#   equivalents:
#     trivy: [KSV-0109, KSV-01010]
#     kubescape: [C-0012]
package policies.kubernetes["secret-in-config-map"]

import data.policies.lib.finding
import data.policies.lib.secret

deny contains finding.at(path, message) if {
	some field in ["data", "binaryData"]
	some key, _ in input[field]
	path := [field, key]
	what := secret.at(path)
	message := $"{key} holds {what}"
}
