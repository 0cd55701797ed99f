# METADATA
# title: Secret is passed as a build argument
# description: |
#   The value of a build argument stands in the history of the image and in its provenance, where everybody who can
#   pull it can read it. A default in the Dockerfile is readable in the repository too.
# related_resources:
#   - ref: https://docs.docker.com/build/building/secrets/
#   - ref: https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: high
#   enabled: default
#   category: secrets
#   remediation: |
#     Mount the secret for the step that needs it, and replace the one that was exposed:
#     ```dockerfile
#     RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci
#     ```
#   frameworks:
#     cis-docker: ["4.10"]
#   equivalents:
#     trivy: [DS-0031]
#     hadolint: [DL3064]
#     dockle: [CIS-DI-0010]
package policies.dockerfile["secret-in-build-argument"]

import data.policies.lib.declarations
import data.policies.lib.finding
import data.policies.lib.secret

deny contains finding.at(argument.path, message) if {
	some argument in declarations.arguments
	what := secret.at(argument.path)
	message := $"ARG {argument.name} holds {what}"
}

deny contains finding.at(argument.path, message) if {
	some argument in declarations.arguments
	declarations.is_secret_without_value(argument.assignment)
	message := $"ARG {argument.name} is made for a secret"
}
