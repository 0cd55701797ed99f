# METADATA
# title: Caches that package managers leave behind
# description: |
#   Knows what each manager writes beside the packages themselves, and what takes it away in the same layer.
# schemas:
#   - input: schema.dockerfile
package policies.lib.package_cache

import data.policies.lib.dockerfile
import data.policies.lib.package_manager

# `folder` is a pattern on what `rm` and cache mounts name, `clean` the words with which the manager cleans up itself.
_managers := {
	"apt": {
		"fills": {"update"},
		"what": "package lists",
		"folder": `^/var/lib(/?$|/\*$|/apt|/\{.*apt)`,
		"clean": {"dist-clean", "distclean"},
	},
	"apk": {"fills": {"add", "update"}, "what": "the package index", "folder": `/var/cache(/|$)`, "clean": {"clean"}},
	"yum": {"fills": {"install", "update", "upgrade"}, "what": "its cache", "folder": `/var/cache(/|$)`, "clean": {"clean"}},
	"dnf": {
		"fills": {"install", "update", "upgrade"},
		"what": "its cache",
		"folder": `/var/cache(/|$)`,
		"clean": {"clean"},
	},
	"zypper": {
		"fills": {"install", "in", "refresh", "ref"},
		"what": "its cache",
		"folder": `/var/cache(/|$)`,
		"clean": {"clean", "cc"},
	},
	"pip": {"fills": {"install"}, "what": "its cache", "folder": `\.cache|^/root/?$|^/tmp/`, "clean": {"purge"}},
	"npm": {"fills": {"install", "i", "ci"}, "what": "its cache", "folder": `\.npm|^/root/?$|\.cache`, "clean": {"clean"}},
}

_aliases := {
	"apt": "apt", "apt-get": "apt", "aptitude": "apt", "apk": "apk", "yum": "yum", "dnf": "dnf", "microdnf": "dnf",
	"tdnf": "dnf", "zypper": "zypper", "npm": "npm", "pip": "pip",
}

# METADATA
# description: |
#   Commands that fill a cache which the same RUN neither cleans, mounts nor avoids: `{path, command, what}`, one a
#   manager and RUN.
kept := [result |
	some position in {use.found.position | some use in _uses}
	some manager in {use.manager | some use in _uses; use.found.position == position}
	traits := _managers[manager]
	uses := [use | some use in _uses; use.found.position == position; use.manager == manager]
	not _is_cleaned(uses, traits)
	not _is_removed(position, traits)
	filling := [use | some use in uses; _fills(use, traits)][0]
	not _is_mounted(filling.found.run, traits)
	result := {
		"path": filling.found.path,
		"command": $"{filling.command.name} {filling.subcommand}",
		"what": traits.what,
	}
]

_uses := [{"found": found, "manager": manager, "command": command, "subcommand": subcommand} |
	some found in dockerfile.final_commands
	command := _as_called(found.command)
	manager := _aliases[command.name]
	subcommand := package_manager.subcommand(command, command.name)
]

_as_called(command) := called if {
	called := package_manager.pip(command)
} else := command

_fills(use, traits) if {
	use.subcommand in traits.fills
	not _is_avoided(use)
}

_is_avoided(use) if {
	some word in use.command.arguments
	startswith(word.text, "--no-cache")
}

# Any value switches the cache off, even `0` did for long.
_is_avoided(use) if {
	use.manager == "pip"
	dockerfile.variable(use.found, "PIP_NO_CACHE_DIR") != ""
}

_is_cleaned(uses, traits) if {
	some use in uses
	some word in use.command.arguments
	word.value in traits.clean
}

# A path that cannot be known may be the cache.
_is_removed(position, traits) if {
	some found in dockerfile.final_commands
	found.position == position
	found.command.name in {"rm", "find"}
	some word in found.command.arguments
	regex.match($`{traits.folder}|^["']?\$`, object.get(word, "value", word.text))
}

_is_mounted(run, traits) if {
	some target in dockerfile.mounted(run)
	regex.match(traits.folder, target)
}
