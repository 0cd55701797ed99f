# METADATA
# title: USER is a name, which Kubernetes cannot verify
# description: |
#   With `runAsNonRoot: true` the kubelet has to know before the start that the user is not root. It cannot look a
#   name up in the image, so it refuses to start the container unless the manifest sets a numeric runAsUser.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#   - ref: https://docs.docker.com/reference/dockerfile/#user
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   enabled: opt-in
#   category: hardening
#   remediation: |
#     Write the number of the user:
#     ```dockerfile
#     USER 10001
#     ```
#   equivalents:
#     hadolint: [DL3066]
package policies.dockerfile["user-not-numeric"]

import data.policies.lib.final_image
import data.policies.lib.finding

deny contains finding.at(final_image.user.path, message) if {
	not regex.match(`^(\d+|root|)$`, final_image.user_name)
	not final_image.is_windows
	message := $"USER {final_image.user_name} is not numeric"
}
