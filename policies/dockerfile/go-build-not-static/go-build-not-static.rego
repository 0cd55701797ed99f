# METADATA
# title: Go program may need a C library that the final image does not have
# description: |
#   scratch and distroless static hold no C library. A Go program that is built with CGO and uses net, os/user or C
#   code needs one, and its start fails with `not found` although the file is there.
# related_resources:
#   - ref: https://pkg.go.dev/cmd/cgo
#   - ref: https://github.com/GoogleContainerTools/distroless/blob/main/base/README.md
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: high
#   enabled: default
#   category: reliability
#   remediation: |
#     Switch CGO off:
#     ```dockerfile
#     RUN CGO_ENABLED=0 go build -o /app .
#     ```
package policies.dockerfile["go-build-not-static"]

import data.policies.lib.base_image
import data.policies.lib.final_image
import data.policies.lib.finding
import data.policies.lib.go_build
import data.policies.lib.go_linking

deny contains finding.at(found.path, message) if {
	base_image.libc(final_image.base_reference) == "none"
	not go_linking.has_foreign_loader
	some found in go_build.builds
	go_linking.links_dynamically(found)
	message := $"program built with CGO may not start on {final_image.base_label}, which has no C library"
}
