# METADATA
# title: Flags of the go command
# description: Reads the flags of a build, those in GOFLAGS too.
# schemas:
#   - input: schema.dockerfile
# related_resources:
#   - ref: https://pkg.go.dev/cmd/go
package policies.lib.go_flags

import data.policies.lib.dockerfile

# METADATA
# description: |
#   The value of a flag of `go` (`-o x`, `-o=x`, `--o=x`), the last one where there are several: as far as it is
#   written where it cannot be known, undefined without the flag.
flag(command, name) := values[count(values) - 1] if {
	values := [value |
		some index, _ in command.arguments
		value := _value(command.arguments, index, name)
	]
}

_value(words, index, name) := _unquoted(words[index + 1]) if {
	_unquoted(words[index]) in {$"-{name}", $"--{name}"}
} else := trim(trim_prefix(text, prefix), `'"`) if {
	text := _unquoted(words[index])
	some prefix in [$"-{name}=", $"--{name}="]
	startswith(text, prefix)
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
