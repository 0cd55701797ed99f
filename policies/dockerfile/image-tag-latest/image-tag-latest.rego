# METADATA
# title: Image is named by the tag latest
# description: |
#   `latest` moves: each build may take another base image, with other packages, another C library or another major
#   version. A build that broke, or an image that was attacked, cannot be repeated.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
#   - ref: https://docs.docker.com/reference/dockerfile/#from
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   enabled: default
#   category: supply-chain
#   remediation: |
#     Name the version:
#     ```dockerfile
#     FROM alpine:3.22
#     ```
#   equivalents:
#     trivy: [DS-0001]
#     checkov: [CKV_DOCKER_7]
#     hadolint: [DL3007]
#     dockle: [DKL-DI-0006]
#     kics: [f45ea400]
package policies.dockerfile["image-tag-latest"]

import data.policies.lib.dockerfile
import data.policies.lib.finding
import data.policies.lib.image

deny contains finding.at(external.path, message) if {
	some external in dockerfile.external_images
	image.is_latest(external.reference)
	message := $"image {external.reference} follows the tag latest"
}
