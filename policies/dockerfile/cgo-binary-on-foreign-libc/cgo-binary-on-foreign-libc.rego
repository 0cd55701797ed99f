# METADATA
# title: Go program is linked to a C library that the final image lacks
# description: |
#   With CGO a Go program that uses net, os/user or C code is linked to the C library of the image it is built in:
#   glibc on Debian, musl on Alpine. The other kind of image has no such loader, and the start fails with `not
#   found` although the file is there.
# related_resources:
#   - ref: https://pkg.go.dev/cmd/cgo
#   - ref: https://wiki.alpinelinux.org/wiki/Running_glibc_programs
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: high
#   enabled: default
#   category: reliability
#   remediation: |
#     Build without CGO, or build and run on the same kind of image:
#     ```dockerfile
#     RUN CGO_ENABLED=0 go build -o /app .
#     ```
package policies.dockerfile["cgo-binary-on-foreign-libc"]

import data.policies.lib.base_image
import data.policies.lib.final_image
import data.policies.lib.finding
import data.policies.lib.go_build
import data.policies.lib.go_linking

deny contains finding.at(found.path, message) if {
	some found in go_build.builds
	go_linking.links_dynamically(found)
	built := base_image.libc(go_linking.image_of(found))
	target := _foreign_to(built)
	message := $"program linked to {built} may not start on {final_image.base_label}, which has {target}"
}

_foreign_to(built) := target if {
	target := base_image.libc(final_image.base_reference)
	not target in {built, "none"}
	not go_linking.has_foreign_loader
}
