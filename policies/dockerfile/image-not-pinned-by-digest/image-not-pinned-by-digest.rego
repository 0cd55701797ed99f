# METADATA
# title: Image is not pinned by its digest
# description: |
#   A tag can be pushed again with other content. Only the digest names the bytes that were tested, so that a
#   hijacked or overwritten tag does not reach the build.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   enabled: opt-in
#   category: supply-chain
#   remediation: |
#     Add the digest behind the tag, and let a bot (Renovate, Dependabot) update both:
#     ```dockerfile
#     FROM alpine:3.22@sha256:<digest>
#     ```
package policies.dockerfile["image-not-pinned-by-digest"]

import data.policies.lib.dockerfile
import data.policies.lib.finding
import data.policies.lib.image

deny contains finding.at(external.path, message) if {
	some external in dockerfile.external_images
	parts := image.parse(external.reference)
	not parts.digest
	message := $"image {external.reference} is not pinned by digest"
}
