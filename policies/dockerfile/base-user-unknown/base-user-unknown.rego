# METADATA
# title: User of the container is left to an unknown base image
# description: |
#   Without a USER the container runs as the user of the base image. Nothing here says who that is, and most images
#   run as root, so the Dockerfile may hand root to the application.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#user
#   - ref: https://docs.docker.com/build/building/best-practices/#user
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   enabled: default
#   category: hardening
#   remediation: |
#     Say as whom the container runs, by number, at the end of the final stage:
#     ```dockerfile
#     USER 10001
#     ```
#   frameworks:
#     cis-docker: ["4.1"]
#   equivalents:
#     trivy: [DS-0002]
#     checkov: [CKV_DOCKER_3]
#     dockle: [CIS-DI-0001]
#     kics: [fd54f200]
package policies.dockerfile["base-user-unknown"]

import data.policies.lib.dockerfile
import data.policies.lib.final_image
import data.policies.lib.finding

deny contains finding.at(dockerfile.final_path, message) if {
	not final_image.user
	not final_image.base_user
	not final_image.is_windows
	message := $"final stage sets no USER and its base {final_image.base_label} is not known to run as non-root"
}
