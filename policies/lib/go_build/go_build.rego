# METADATA
# title: Go programs that reach the final image
# description: |
#   Finds `go build` and `go install` whose result lies in the final image, and reads their flags.
# schemas:
#   - input: schema.dockerfile
# related_resources:
#   - ref: https://pkg.go.dev/cmd/go
#   - ref: https://pkg.go.dev/cmd/cgo
package policies.lib.go_build

import data.policies.lib.base_image
import data.policies.lib.dockerfile
import data.policies.lib.package_manager

# METADATA
# description: |
#   Commands, as `policies.lib.dockerfile` has them, that leave a program in the final image: in one of its own
#   stages, or in a stage out of which it is copied.
builds := [found |
	some found in dockerfile.all_commands
	found.command.name == "go"
	found.command.arguments[0].value in {"build", "install"}
	_reaches_final(found)
]

_reaches_final(found) if found.stage in dockerfile.final.ancestry

_reaches_final(found) if {
	not found.stage in dockerfile.final.ancestry
	some copied in dockerfile.final_copies
	found.stage in input.stages[copied.instruction.from_stage].ancestry
	some source in copied.instruction.sources
	_may_hold(source, found)
}

# A source that cannot be known may be the program, unless it is plainly something else.
_may_hold(source, _) if not source.value

_may_hold(source, found) if {
	output := _output(found.command)
	some name in [dockerfile.base_name(source.value), source.value]
	name == dockerfile.base_name(output)
}

_may_hold(source, found) if {
	folder := trim_suffix(source.value, "/")
	startswith(_output(found.command), $"{folder}/")
}

_may_hold(source, found) if {
	output := _output(found.command)
	endswith(output, "/")
	startswith(source.value, output)
}

_may_hold(source, found) if {
	not _output(found.command)
	not regex.match(`^/?(etc|usr/share|usr/lib|lib|lib64|tmp)(/|$)|\.(crt|pem|zip|json|ya?ml|sh|html)$`, source.value)
}

_may_hold(source, _) if regex.match(`[*?]$|^/$`, source.value)

# METADATA
# description: Where the program goes, undefined where that is not written or cannot be known.
_output(command) := value if {
	value := flag(command, "o")
	not value == ""
} else := $"/go/bin/{name}" if {
	command.arguments[0].value == "install"
	name := _last_operand(command)
} else := name if {
	name := _last_operand(command)
}

# `./cmd/server` gives `server`; the name that `.` or `./...` gives stands in go.mod.
_last_operand(command) := name if {
	some word in array.slice(command.arguments, count(command.arguments) - 1, count(command.arguments))
	name := dockerfile.base_name(split(word.value, "@")[0])
	regex.match(`^[A-Za-z][\w-]*$`, name)
	contains(word.value, "/")
}

# METADATA
# description: |
#   The value of a flag of `go` (`-o x`, `-o=x`, `--o=x`): as far as it is written where it cannot be known,
#   undefined without the flag.
flag(command, name) := value if {
	some index, word in command.arguments
	_unquoted(word) in {$"-{name}", $"--{name}"}
	value := _unquoted(command.arguments[index + 1])
} else := value if {
	some word in command.arguments
	text := _unquoted(word)
	some prefix in [$"-{name}=", $"--{name}="]
	startswith(text, prefix)
	value := trim(trim_prefix(text, prefix), `'"`)
}

_unquoted(word) := trim(object.get(word, "value", word.text), `'"`)

# METADATA
# description: |
#   Everything that sets flags for the linker: the flag and GOFLAGS.
linker_flags(found) := concat(" ", array.concat(
	[value | value := flag(found.command, "ldflags")],
	[value | value := dockerfile.variable(found, "GOFLAGS"); value != null],
))

# METADATA
# scope: document
# description: |
#   Holds where a variable that cannot be known stands in the place of a flag, so that it may be any of them.
has_unknown_flags(found) if dockerfile.variable(found, "GOFLAGS") == null

has_unknown_flags(found) if {
	some index, word in found.command.arguments
	not word.value
	regex.match(`^["']?\$`, word.text)
	not found.command.arguments[index - 1].value == "-o"
}

has_unknown_flags(found) if regex.match(`(^|\s)["']?\$`, object.get({"flags": flag(found.command, "ldflags")}, "flags", ""))

# METADATA
# description: |
#   Holds for a build whose result needs the C library of the image it is built in: CGO is on, which takes a C
#   compiler and a build for the machine's own platform, and nothing makes the result static.
links_dynamically(found) if {
	_has_c_compiler(found)
	not _cgo_is_off(found)
	not _is_static(found)
	not _is_cross_build(found)
	not has_unknown_flags(found)
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

_is_static(found) if regex.match(`-extldflags.*-static`, linker_flags(found))

# Both take the place of what the standard library does with C.
_is_static(found) if {
	tags := split(replace(flag(found.command, "tags"), " ", ","), ",")
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

# METADATA
# scope: document
# description: |
#   Holds for a build whose result has no symbol table: `-s` (which implies `-w` since Go 1.22), or a later `strip` or
#   `upx`.
is_stripped(found) if regex.match(`(^|[\s'"=])--?s([\s'"]|$)`, linker_flags(found))

is_stripped(found) if {
	some later in array.concat(dockerfile.commands[found.stage], dockerfile.final_commands)
	regex.match(`^(.*-)?strip$|^upx$`, later.command.name)
}
