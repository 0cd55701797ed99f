# METADATA
# title: Secret is written into the environment of the image
# description: |
#   ENV is part of the image: `docker inspect` shows it to everybody who can pull it, and each process in the
#   container inherits it. A secret that was built in stays in every copy of the image.
# related_resources:
#   - ref: https://docs.docker.com/build/building/secrets/
#   - ref: https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: critical
#   enabled: default
#   category: secrets
#   remediation: |
#     Replace the secret that was exposed, and pass the new one when the container starts (a Kubernetes Secret, `docker run --env-file`), or to one build step:
#     ```dockerfile
#     RUN --mount=type=secret,id=token,env=TOKEN ./fetch.sh
#     ```
#   frameworks:
#     cis-docker: ["4.10"]
#   equivalents:
#     trivy: [DS-0031]
#     hadolint: [DL3064]
#     dockle: [CIS-DI-0010]
package policies.dockerfile["secret-in-environment"]

import data.policies.lib.declarations
import data.policies.lib.dockerfile
import data.policies.lib.finding
import data.policies.lib.secret

deny contains finding.at(variable.path, message) if {
	some variable in declarations.variables
	what := secret.at(variable.path)
	message := $"ENV {variable.name} holds {what}"
}

deny contains finding.at(variable.path, message) if {
	some variable in declarations.variables
	variable.stage in dockerfile.final.ancestry
	some argument in declarations.arguments
	argument.stage == variable.stage
	declarations.is_secret_without_value(argument.assignment)
	regex.match($`^["']?\$(\{)?{argument.name}(\}|:.*\})?["']?$`, variable.assignment.text)
	message := $"ENV {variable.name} keeps the secret of ARG {argument.name}"
}
