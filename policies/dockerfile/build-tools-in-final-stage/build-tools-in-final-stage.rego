# METADATA
# title: Final image carries compilers or other build tools
# description: |
#   Compilers, build systems and version control are not needed to run a program. They make the image larger, bring
#   vulnerabilities of their own, and give an attacker in the container the means to build tools. A tool that CMD,
#   ENTRYPOINT or HEALTHCHECK names is in use; that a program calls one, such as git, by itself cannot be seen here.
# related_resources:
#   - ref: https://docs.docker.com/build/building/multi-stage/
#   - ref: https://docs.docker.com/build/building/best-practices/#use-multi-stage-builds
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   enabled: default
#   category: hardening
#   remediation: |
#     Build in one stage and copy only the result into a small final stage:
#     ```dockerfile
#     FROM golang:1.25 AS build
#     WORKDIR /src
#     COPY . .
#     RUN CGO_ENABLED=0 go build -o /app .
#
#     FROM gcr.io/distroless/static:nonroot
#     COPY --from=build /app /app
#     ```
#     Where a tool is needed for one step only, remove it in the same RUN (`apk add --virtual .build … && apk del .build`).
package policies.dockerfile["build-tools-in-final-stage"]

import data.policies.lib.base_image
import data.policies.lib.dockerfile
import data.policies.lib.final_image
import data.policies.lib.finding
import data.policies.lib.packages

deny contains finding.at(final_image.base_path, message) if {
	_is_toolchain
	message := $"final stage is built on the toolchain image {final_image.base_label}"
}

deny contains finding.at(path, message) if {
	not _is_toolchain
	some path, names in packages.kept_by_command(packages.build_tools)
	message := $"final stage keeps build tools: {names}"
}

_is_toolchain if base_image.is_toolchain(final_image.base_reference)

# Node.js images run programs as well as they build them.
_is_toolchain if {
	base_image.is_node(final_image.base_reference)
	some found in dockerfile.final_commands
	packages.builds_javascript(found.command)
}
