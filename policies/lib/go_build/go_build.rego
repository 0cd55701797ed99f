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

import data.policies.lib.dockerfile
import data.policies.lib.go_flags

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
	value := go_flags.flag(command, "o")
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
# scope: document
# description: |
#   Holds for a build whose result has no symbol table: `-s` (which implies `-w` since Go 1.22), or a later `strip` or
#   `upx`.
is_stripped(found) if regex.match(`(^|[\s'"=])--?s([\s'"]|$)`, go_flags.linker_flags(found))

is_stripped(found) if {
	some later in array.concat(dockerfile.commands[found.stage], dockerfile.final_commands)
	regex.match(`^(.*-)?strip$|^upx$`, later.command.name)
}
