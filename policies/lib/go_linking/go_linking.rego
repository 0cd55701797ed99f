# METADATA
# title: Which C library a Go program needs
# description: Tells whether the result of a build is linked dynamically, and what loader the final image brings.
# schemas:
#   - input: schema.dockerfile
# related_resources:
#   - ref: https://pkg.go.dev/cmd/cgo
package policies.lib.go_linking

import data.policies.lib.base_image
import data.policies.lib.dockerfile
import data.policies.lib.go_flags
import data.policies.lib.package_manager

# METADATA
# description: |
#   Holds for a build whose result needs the C library of the image it is built in: CGO is on, which takes a C
#   compiler and a build for the machine's own platform, and nothing makes the result static.
links_dynamically(found) if {
	_has_c_compiler(found)
	not _cgo_is_off(found)
	not _is_static(found)
	not _is_cross_build(found)
	not go_flags.has_unknown_flags(found)
}

_cgo_is_off(found) if dockerfile.variable(found, "CGO_ENABLED") in {"0", null}

# `go env -w` keeps the setting for later commands.
_cgo_is_off(found) if {
	some earlier in dockerfile.commands[found.stage]
	earlier.position <= found.position
	earlier.command.name == "go"
	earlier.command.arguments[0].value == "env"
	some word in earlier.command.arguments
	word.value == "CGO_ENABLED=0"
}

_is_static(found) if regex.match(`-extldflags.*-static`, go_flags.linker_flags(found))

# Both take the place of what the standard library does with C.
_is_static(found) if {
	tags := split(replace(go_flags.flag(found.command, "tags"), " ", ","), ",")
	every tag in ["netgo", "osusergo"] {
		tag in tags
	}
}

_is_cross_build(found) if not dockerfile.variable(found, "GOOS") in {"linux", null}

_is_cross_build(found) if not dockerfile.variable(found, "GOARCH") in {"amd64", "arm64", null}

_has_c_compiler(found) if base_image.has_c_compiler(image_of(found))

_has_c_compiler(found) if {
	some earlier in dockerfile.commands[found.stage]
	earlier.position <= found.position
	some installation in package_manager.installed(earlier)
	installation.name in {"gcc", "g++", "clang", "build-base", "build-essential", "alpine-sdk", "musl-dev"}
}

# METADATA
# description: The image in which a command runs, undefined where it cannot be known.
image_of(found) := input.stages[lineage[count(lineage) - 1]].from.image.value if {
	lineage := input.stages[found.stage].ancestry
}

# METADATA
# scope: document
# description: |
#   Holds where the final stage brings the loader of another C library: `gcompat` and `libc6-compat`, or the file itself.
has_foreign_loader if {
	some installation in package_manager.kept
	installation.name in {"gcompat", "libc6-compat"}
}

has_foreign_loader if {
	some copied in dockerfile.final_copies
	some source in copied.instruction.sources
	contains(source.text, "/ld-")
}

has_foreign_loader if {
	some found in dockerfile.final_commands
	some word in found.command.arguments
	contains(word.text, "/ld-")
}
