# METADATA
# title: Image from scratch has no certificates of authorities
# description: |
#   scratch holds no root certificates, so every TLS connection that the program opens fails with `certificate
#   signed by unknown authority`. Distroless images bring them along.
# related_resources:
#   - ref: https://docs.docker.com/build/building/base-images/#create-a-minimal-base-image-using-scratch
#   - ref: https://pkg.go.dev/crypto/x509#SystemCertPool
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   enabled: default
#   category: reliability
#   remediation: |
#     Copy them from the stage that builds:
#     ```dockerfile
#     COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
#     ```
#     or use `gcr.io/distroless/static:nonroot`.
package policies.dockerfile["missing-ca-certificates"]

import data.policies.lib.dockerfile
import data.policies.lib.final_image
import data.policies.lib.finding

deny contains finding.at(dockerfile.final_path, "final stage from scratch copies no CA certificates") if {
	final_image.base_is_scratch
	_starts_a_program
	not _has_certificates
}

# A stage that only carries files out of the build starts nothing.
_starts_a_program if {
	some instruction in final_image.entry_points
	instruction.keyword in {"CMD", "ENTRYPOINT"}
}

_has_certificates if {
	some copied in dockerfile.final_copies
	some word in array.concat(copied.instruction.sources, [copied.instruction.destination])
	regex.match(`(?i)cert|/etc/ssl|/etc/pki|\.crt|\.pem|\.tar|\.tgz`, object.get(word, "value", word.text))
}

# What a whole folder brings to the root is not known.
_has_certificates if {
	some copied in dockerfile.final_copies
	copied.instruction.destination.value in {"/", "/.", "./", "."}
	some source in copied.instruction.sources
	regex.match(`(^|/)(\.|rootfs[^/]*|[*]?)/?$`, object.get(source, "value", "."))
}

_has_certificates if {
	some step in dockerfile.final_steps
	step.instruction.keyword == "ENV"
	some assignment in step.instruction.assignments
	assignment.name in {"SSL_CERT_FILE", "SSL_CERT_DIR"}
}
