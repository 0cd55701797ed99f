# METADATA
# title: File that holds secrets is copied into the image
# description: |
#   A file that was copied stays in its layer even if a later step deletes it. Everybody who can pull the image can
#   take the key or the token out of it.
# related_resources:
#   - ref: https://docs.docker.com/build/building/secrets/
#   - ref: https://docs.docker.com/build/concepts/context/#dockerignore-files
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: high
#   enabled: default
#   category: secrets
#   remediation: |
#     Name the file in .dockerignore, and mount it where a step needs it:
#     ```dockerfile
#     RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
#     ```
#   frameworks:
#     cis-docker: ["4.10"]
#   equivalents:
#     dockle: [CIS-DI-0010, DKL-LI-0003]
package policies.dockerfile["secret-file-copied"]

import data.policies.lib.dockerfile
import data.policies.lib.finding
import data.policies.lib.secret_file

deny contains finding.at(path, message) if {
	some copied in dockerfile.final_copies
	some index, source in copied.instruction.sources
	secret_file.holds_secret(source.value)
	path := array.concat(copied.path, ["sources", index])
	message := $"{copied.instruction.keyword} brings {source.value} into the image"
}
