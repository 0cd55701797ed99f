# METADATA
# title: Environment variable holds a secret
# description: |
#   A secret written into a manifest is known to everyone who can read the repository or the cluster's pods, stays
#   in git's history, and cannot be changed without a rollout.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/secret/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: high
#   enabled: default
#   category: secrets
#   objects: [pod]
#   remediation: >-
#     Put the value into a Secret that is not committed in clear text and refer to it with `valueFrom.secretKeyRef`,
#     or mount it as a file; then change it, for it is known.
#   frameworks:
#     cis-kubernetes: ["5.4.1"]
#   equivalents:
#     kubescape: [C-0012]
package policies.kubernetes["secret-in-environment"]

import data.policies.lib.finding
import data.policies.lib.kubernetes
import data.policies.lib.secret

deny contains finding.at(path, message) if {
	some c in kubernetes.containers
	some index, variable in c.container.env
	path := array.concat(c.path, ["env", index, "value"])
	what := secret.at(path)
	message := $"{_name(variable, index)} of container {c.label} holds {what}"
}

_name(variable, index) := variable.name if is_string(variable.name)

else := index
