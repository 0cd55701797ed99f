# METADATA
# title: Image has no tag
# description: |
#   An image without tag and digest is `latest`: what runs depends on the day the node pulled it, two replicas may
#   differ, and there is nothing to roll back to. An image that was built on the node needs a tag too: without one,
#   `imagePullPolicy` is `Always` unless it is set, and the registry is asked for the name at each start.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
# schemas:
#   - input: schema.kubernetes
# custom:
#   severity: medium
#   enabled: default
#   category: supply-chain
#   objects: [pod]
#   remediation: Name a version (`nginx:1.27.3`), or better a digest (`nginx:1.27.3@sha256:…`).
#   equivalents:
#     trivy: [KSV-0013]
#     checkov: [CKV_K8S_14]
#     kube-linter: [latest-tag]
#     kics: [583053b7]
package policies.kubernetes["image-tag-missing"]

import data.policies.lib.finding
import data.policies.lib.image
import data.policies.lib.kubernetes

deny contains finding.at(used.path, message) if {
	some used in kubernetes.images
	image.is_untagged(used.reference)
	message := $"image {used.reference} of container {used.label} has no tag"
}
