# METADATA
# title: Downloads, and who checks or runs them
# description: Follows what comes from a URL through ADD, pipes and checks.
# schemas:
#   - input: schema.dockerfile
package policies.lib.downloads

import data.policies.lib.dockerfile

# METADATA
# description: Holds where a later command of the same stage compares checksums or signatures.
is_verified_later(copied) if {
	some found in dockerfile.commands[copied.stage]
	found.position > copied.position
	found.command.name in {"cosign", "gpg", "gpgv", "minisign", "sha1sum", "sha256sum", "sha384sum", "sha512sum", "shasum"}
}

# METADATA
# description: The host of a URL, without a user or password.
host(url) := parts[count(parts) - 1] if {
	parts := split(split(url, "/")[2], "@")
}

# METADATA
# description: |
#   The commands whose output reaches a command, through at most one other: `curl … | sh`, `curl … | tee x | sh`.
sources(found) := array.concat([first | first := _source(found, found.command)], [second |
	first := _source(found, found.command)
	second := _source(found, first)
])

_source(found, command) := found.run.commands[command.pipe_from]

# METADATA
# scope: document
# description: |
#   Holds for an interpreter that runs what it reads: without a script of its own (`sh`, `bash -s -- x`, `python3 -`),
#   from a process substitution, and as `sh -c "$(…)"`.
runs_its_input(command) if {
	command.name in _shells
	not _has_operand(command)
	not _has_word(command, {"-c"})
}

runs_its_input(command) if {
	command.name in _shells
	_has_word(command, {"-s", "-", "/dev/stdin"})
}

runs_its_input(command) if {
	command.name in {"node", "perl", "php", "python", "python2", "python3", "ruby"}
	not _has_operand(command)
	not _has_word(command, {"-c", "-e", "-m", "-ne", "-pe", "-r"})
}

runs_its_input(command) if {
	command.name in (_shells | {".", "source"})
	some word in command.arguments
	startswith(word.text, "<(")
}

runs_its_input(command) if {
	command.name in (_shells | {"eval"})
	some word in command.arguments
	_substitutes(word.text)
}

_shells := {"ash", "bash", "dash", "ksh", "sh", "zsh"}

_has_operand(command) if {
	some word in command.arguments
	not startswith(word.text, "-")
}

_has_word(command, values) if {
	some word in command.arguments
	word.value in values
}

_substitutes(text) if startswith(trim_left(text, `"'`), "$(")

_substitutes(text) if startswith(trim_left(text, `"'`), "`")
