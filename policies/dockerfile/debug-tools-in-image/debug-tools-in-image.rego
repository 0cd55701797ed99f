# METADATA
# title: Final image carries tools for downloads or debugging
# description: |
#   Download programs, editors, tracers and remote shells in an image serve whoever breaks into the container before
#   they serve its owner, and each of them has to be patched. `kubectl debug` and `docker debug` bring tools to a
#   container that has none.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/#ephemeral-container
#   - ref: https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   enabled: default
#   category: hardening
#   remediation: |
#     Leave the package out, or remove it in the RUN that needed it:
#     ```dockerfile
#     RUN apk add --no-cache --virtual .fetch curl \
#      && curl -fsSLO https://example.com/data.tar.gz \
#      && apk del .fetch
#     ```
#   frameworks:
#     cis-docker: ["4.3"]
#   equivalents:
#     hadolint: [DL3001]
#     kics: ["9b6b0f38"]
package policies.dockerfile["debug-tools-in-image"]

import data.policies.lib.finding
import data.policies.lib.packages

deny contains finding.at(path, message) if {
	some path, names in packages.kept_by_command(packages.debug_tools)
	message := $"final stage keeps tools for downloads or debugging: {names}"
}
