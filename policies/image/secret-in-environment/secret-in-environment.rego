# METADATA
# title: Image carries a secret in its environment
# description: |
#   Everybody who can pull the image reads its configuration, and every process in the container, every crash report
#   and every `docker inspect` sees its environment. A secret that was built in cannot be taken back without a new
#   image.
# related_resources:
#   - ref: https://docs.docker.com/build/building/secrets/
# schemas:
#   - input: schema.image
# custom:
#   severity: critical
#   enabled: default
#   category: secrets
#   remediation: Revoke the secret, drop `ENV` from the Dockerfile, and give the value to the container when it starts.
#   frameworks:
#     cis-docker: ["4.10"]
#   equivalents:
#     dockle: [CIS-DI-0010]
package policies.image["secret-in-environment"]

import data.policies.lib.finding
import data.policies.lib.secret

deny contains finding.at(path, message) if {
	some index, entry in input.config.Env
	path := ["config", "Env", index]
	what := secret.at(path)
	message := $"environment variable {split(entry, "=")[0]} holds {what}"
}
