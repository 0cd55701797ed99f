# METADATA
# title: Image starts its containers as root
# description: |
#   A process that runs as root in a container is root on the host as soon as it gets out of the container, and
#   inside it may change every file of the image. Nearly no service needs that.
# related_resources:
#   - ref: https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md
#   - ref: https://docs.docker.com/build/building/best-practices/#user
# schemas:
#   - input: schema.image
# custom:
#   severity: high
#   enabled: default
#   category: hardening
#   remediation: Build the image with `USER 65532:65532` (or another unprivileged user) as its last `USER`.
#   frameworks:
#     cis-docker: ["4.1"]
#   equivalents:
#     dockle: [CIS-DI-0001]
package policies.image["runs-as-root"]

import data.policies.lib.finding

deny contains finding.at(["config", "User"], message) if {
	lower(object.get(input, "os", "")) != "windows"
	user := object.get(input.config, "User", "")
	_is_root(split(user, ":")[0])
	message := _message(user)
}

_is_root("")

_is_root("root")

_is_root(user) if regex.match(`^0+$`, user)

_message("") := "no user is set, so containers start as root"

_message(user) := $"containers start as user {user}" if user != ""
