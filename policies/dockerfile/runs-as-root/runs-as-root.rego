# METADATA
# title: Container starts as root
# description: |
#   A process that runs as root in a container is root to the kernel too, unless user namespaces remap it. An
#   attacker who breaks out of it, or reaches a mounted file, then has all rights of the host's root.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#user
#   - ref: https://docs.docker.com/reference/dockerfile/#user
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: high
#   enabled: default
#   category: hardening
#   remediation: |
#     Create a user and switch to it at the end of the final stage:
#     ```dockerfile
#     RUN adduser --system --uid 10001 app
#     USER 10001
#     ```
#     or build on an image that does so (`gcr.io/distroless/static:nonroot`).
#   frameworks:
#     cis-docker: ["4.1"]
#   equivalents:
#     trivy: [DS-0002]
#     checkov: [CKV_DOCKER_3, CKV_DOCKER_8]
#     hadolint: [DL3002]
#     dockle: [CIS-DI-0001]
#     kics: [fd54f200, "67fd0c4a"]
package policies.dockerfile["runs-as-root"]

import data.policies.lib.dockerfile
import data.policies.lib.final_image
import data.policies.lib.finding

deny contains finding.at(final_image.user.path, message) if {
	final_image.user_name in {"", "root", "0"}
	not final_image.is_windows
	message := $"final stage runs as root: USER is \"{final_image.user.value}\""
}

deny contains finding.at(dockerfile.final_path, message) if {
	not final_image.user
	_starts_as_root
	message := $"final stage runs as root: neither it nor its base {final_image.base_label} sets another USER"
}

_starts_as_root if final_image.base_user == "root"

# The image's own entry point would have changed the user.
_starts_as_root if {
	final_image.base_user == "drops"
	some instruction in final_image.entry_points
	instruction.keyword == "ENTRYPOINT"
}
