# METADATA
# title: Image is named without a tag or digest
# description: |
#   A reference without a tag means `latest`, whatever that is on the day of the build. The same Dockerfile then
#   gives different images on different days, and nobody can tell what a running image was built on. A name that was
#   only built on the same machine is no exception: it is whatever was built there last.
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
#     hadolint: [DL3006]
#     kics: ["9efb0b2d"]
package policies.dockerfile["image-tag-missing"]

import data.policies.lib.dockerfile
import data.policies.lib.finding
import data.policies.lib.image

deny contains finding.at(external.path, message) if {
	some external in dockerfile.external_images
	image.is_untagged(external.reference)
	message := $"image {external.reference} has neither tag nor digest"
}
