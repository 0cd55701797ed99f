# METADATA
# title: Image carries a secret in its history
# description: |
#   The commands that built an image, with the build arguments that they were given, stay in its configuration for
#   everybody who can pull it: `docker history` shows them. Deleting a file or a variable in a later step changes
#   nothing.
# related_resources:
#   - ref: https://docs.docker.com/build/building/secrets/
# schemas:
#   - input: schema.image
# custom:
#   severity: critical
#   enabled: default
#   category: secrets
#   remediation: Revoke the secret, and build with `RUN --mount=type=secret,id=…` instead of a build argument.
#   frameworks:
#     cis-docker: ["4.10"]
#   equivalents:
#     dockle: [CIS-DI-0010]
package policies.image["secret-in-image-history"]

import data.policies.lib.finding
import data.policies.lib.secret

deny contains finding.at(path, message) if {
	some index, step in input.history
	not _repeats_environment(step.created_by)
	path := ["history", index, "created_by"]
	what := secret.at(path)
	message := $"build step {index + 1} holds {what}"
}

# What ENV sets stands in the environment too, where image/secret-in-environment points at it.
_repeats_environment(command) if {
	some index, entry in input.config.Env
	secret.at(["config", "Env", index])
	name := split(entry, "=")[0]
	some form in ["ENV ", "/bin/sh -c #(nop) ENV ", "/bin/sh -c #(nop)  ENV "]
	startswith(command, $"{form}{name}=")
}
