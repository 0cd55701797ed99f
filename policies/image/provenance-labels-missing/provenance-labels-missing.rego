# METADATA
# title: Image does not say where it comes from
# description: |
#   Whoever finds a defect in a running container needs the source it was built from. The labels of the OCI
#   specification tell it to people and tools alike, wherever the image is copied.
# related_resources:
#   - ref: https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md
# schemas:
#   - input: schema.image
# custom:
#   severity: low
#   enabled: opt-in
#   category: supply-chain
#   remediation: |
#     Build with `LABEL org.opencontainers.image.source=<repository> org.opencontainers.image.revision=<commit>`.
#   parameters:
#     labels:
#       type: array
#       default: [org.opencontainers.image.source, org.opencontainers.image.revision]
#       description: Labels that an image must have, with a value.
package policies.image["provenance-labels-missing"]

import data.policies.lib.finding

deny contains finding.at(["config", "Labels"], message) if {
	input.config
	missing := [name |
		some name in data.parameters["image/provenance-labels-missing"].labels
		not _labelled(name)
	]
	count(missing) > 0
	message := $"no label {concat(" and no label ", missing)}"
}

_labelled(name) if input.config.Labels[name] != ""

_labelled(name) if input.annotations[name] != ""
