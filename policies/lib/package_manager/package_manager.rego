# METADATA
# title: What package managers install and remove
# description: |
#   Reads the commands that `policies.lib.dockerfile` found.
# schemas:
#   - input: schema.dockerfile
package policies.lib.package_manager

import data.policies.lib.dockerfile

_distribution := {
	"apt-get": {"install": {"install"}, "remove": {"remove", "purge", "autoremove"}},
	"apt": {"install": {"install"}, "remove": {"remove", "purge", "autoremove"}},
	"aptitude": {"install": {"install"}, "remove": {"remove", "purge"}},
	"apk": {"install": {"add"}, "remove": {"del"}},
	"yum": {"install": {"install", "groupinstall"}, "remove": {"remove", "erase", "autoremove", "groupremove"}},
	"dnf": {"install": {"install", "groupinstall"}, "remove": {"remove", "erase", "autoremove", "groupremove"}},
	"microdnf": {"install": {"install"}, "remove": {"remove"}},
	"tdnf": {"install": {"install"}, "remove": {"remove", "erase", "autoremove"}},
	"zypper": {"install": {"install", "in"}, "remove": {"remove", "rm"}},
	"pacman": {"install": {"-S", "-Sy", "-Syu", "-Syyu"}, "remove": {"-R", "-Rs", "-Rns", "-Rn"}},
	"dpkg": {"install": set(), "remove": {"-r", "-P", "--purge", "--remove"}},
	"rpm": {"install": set(), "remove": {"-e", "--erase"}},
}

# Options whose value is the next word.
_with_value := {
	"apt-get": {"-o", "-t", "-c", "--option", "--target-release", "--default-release", "--config-file"},
	"apt": {"-o", "-t", "-c", "--option", "--target-release", "--default-release", "--config-file"},
	"apk": {"-X", "--repository", "-t", "--virtual", "-p", "--root", "--arch", "--keys-dir", "--cache-dir", "--wait"},
	"yum": {"-c", "-x", "--exclude", "--enablerepo", "--disablerepo", "--installroot", "--releasever", "--setopt"},
	"dnf": {"-c", "-x", "--exclude", "--enablerepo", "--disablerepo", "--installroot", "--releasever", "--setopt"},
	"zypper": {"-t", "--type", "-r", "--repo", "--from"},
	"npm": {"--prefix", "-C", "--registry", "--loglevel", "--cache", "--omit", "--include", "--workspace", "-w"},
	"pip": {
		"-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-t", "--target",
		"--trusted-host", "-f", "--find-links", "--prefix", "--root", "--timeout", "--cache-dir", "-e", "--editable",
	},
}

# METADATA
# description: |
#   The words of a command that are neither options nor their values, `{index, value}`; the first is the subcommand.
#   `value` may be several packages, where a variable holds them.
operands(command, manager) := [operand |
	some index, word in command.arguments
	not startswith(word.value, "-")
	not _is_option_value(command, manager, index)
	operand := {"index": index, "value": word.value}
]

_is_option_value(command, manager, index) if command.arguments[index - 1].value in _with_value[manager]

# METADATA
# description: The subcommand, undefined where there is none.
subcommand(command, manager) := operands(command, manager)[0].value

# METADATA
# description: |
#   The packages that commands of the final stage install from a distribution and that are still there at its end:
#   `{path, command, manager, name}`, where `path` is that of the word.
kept := [installation |
	some found in dockerfile.final_commands
	some installation in installed(found)
	not _is_removed(installation, found)
]

# METADATA
# description: The packages that a command installs, as `kept` has them, whatever becomes of them.
installed(found) := [installation |
	action := _distribution[found.command.name]
	_does(found.command, action.install)
	some operand in operands(found.command, found.command.name)
	some written in split(operand.value, " ")
	name := _package_name(written)
	not name in action.install
	name != ""
	installation := {
		"path": array.concat(found.path, ["arguments", operand.index]),
		"command": found.path,
		"manager": found.command.name,
		"name": name,
	}
]

_does(command, actions) if {
	some word in command.arguments
	word.value in actions
}

# METADATA
# description: |
#   The name without a version or release (`gcc=4:12`, `curl~8`, `git>2`, `jq/stable`.).
_package_name(written) := split(strings.replace_n({"<": "=", ">": "=", "~": "=", "/": "="}, lower(written)), "=")[0]

_is_removed(_, found) if {
	some removal in _removals
	removal.position >= found.position
	removal.everything
}

_is_removed(installation, found) if {
	some removal in _removals
	removal.position >= found.position
	some name in array.concat([installation.name], _virtual(found.command))
	name in removal.names
}

# METADATA
# description: The groups that `apk add --virtual` gives to what it installs.
_virtual(command) := [name |
	command.name == "apk"
	some index, word in command.arguments
	word.value in {"-t", "--virtual"}
	name := command.arguments[index + 1].value
]

# The idiom of the official images: mark everything as automatic, mark again what is needed, then autoremove. What
# goes is not written there, nor where a name cannot be known.
_removals := [removal |
	some found in dockerfile.final_commands
	_does(found.command, _distribution[found.command.name].remove)
	removal := {
		"position": found.position,
		"everything": _removes_unnamed(found),
		"names": {_package_name(name) |
			some operand in operands(found.command, found.command.name)
			some name in split(operand.value, " ")
		},
	}
]

_removes_unnamed(found) if {
	some word in found.command.arguments
	not word.value
} else if {
	some other in dockerfile.final_commands
	other.position == found.position
	other.command.name == "apt-mark"
	other.command.arguments[0].value == "auto"
} else := false

# METADATA
# description: |
#   The same program under its other names: `pip3.11` and `python3 -m pip` are pip.
pip(command) := {"name": "pip", "arguments": command.arguments} if _unversioned(command.name) == "pip"

else := {"name": "pip", "arguments": array.slice(command.arguments, 2, count(command.arguments))} if {
	_unversioned(command.name) == "python"
	command.arguments[0].value == "-m"
	command.arguments[1].value == "pip"
}

_unversioned(program) := trim_right(program, "0123456789.")
