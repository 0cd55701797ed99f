# METADATA
# title: When a build fetches the dependencies of the source
# description: Knows the commands that fetch, the files that say what, and the copies that bring a whole source.
# schemas:
#   - input: schema.dockerfile
package policies.lib.dependencies

import data.policies.lib.dockerfile
import data.policies.lib.package_manager

# METADATA
# description: |
#   For each stage and ecosystem the first command that fetches, as `policies.lib.dockerfile` has it, with `tool` (how
#   to call it); left out where an ancestor has fetched already.
first_fetches := [object.union(first.found, {"tool": first.tool}) |
	some index, _ in input.stages
	fetches := [object.union(fetch, {"found": found}) |
		some found in dockerfile.commands[index]
		fetch := _fetch(found)
	]
	some ecosystem in {fetch.ecosystem | some fetch in fetches}
	first := [fetch | some fetch in fetches; fetch.ecosystem == ecosystem][0]
	first.found.stage == index
	not _is_vendored(first.found, ecosystem)
	not _copies_dependencies(first.found)
]

_fetch(found) := {"ecosystem": "go", "tool": $"go {subcommand}"} if {
	found.command.name == "go"
	subcommand := _go_subcommand(found.command)
} else := {"ecosystem": "node", "tool": $"{found.command.name} {subcommand}"} if {
	found.command.name in {"npm", "pnpm", "yarn"}
	subcommand := _node_subcommand(found.command)
} else := {"ecosystem": "python", "tool": "pip install"} if {
	command := package_manager.pip(found.command)
	package_manager.subcommand(command, "pip") == "install"
	command.arguments[_].value in {"-r", "--requirement"}
} else := {"ecosystem": ecosystem, "tool": $"{found.command.name} {subcommand}"} if {
	subcommand := found.command.arguments[0].value
	ecosystem := _others[found.command.name][subcommand]
}

_others := {
	"bundle": {"install": "ruby"},
	"composer": {"install": "composer"},
	"dotnet": {"restore": "dotnet"},
	"pipenv": {"install": "python", "sync": "python"},
	"poetry": {"install": "python"},
	"uv": {"sync": "python"},
}

_go_subcommand(command) := "mod download" if {
	command.arguments[0].value == "mod"
	command.arguments[1].value == "download"
} else := subcommand if {
	subcommand := command.arguments[0].value
	subcommand in {"build", "install", "test", "run"}
	every word in command.arguments {
		not regex.match(`.@`, word.text)
	}
}

# Without a package the dependencies of package.json are meant, and `yarn` alone is `yarn install`.
_node_subcommand(command) := operands[0].value if {
	operands := package_manager.operands(command, "npm")
	count(operands) == 1
	operands[0].value in {"install", "i", "ci"}
	not is_global(command)
} else := "install" if {
	command.name == "yarn"
	count(package_manager.operands(command, "npm")) == 0
	not _asks(command)
}

_asks(command) if command.arguments[0].value in {"--version", "-v", "--help"}

# METADATA
# description: Holds for what npm, yarn or pnpm install outside of the project.
is_global(command) if command.arguments[_].value in {"-g", "--global", "--location=global"}

# METADATA
# description: |
#   Copies out of the build context that bring a whole source before a command of the same stage or its ancestors.
source_copies(found) := [step |
	some position, step in dockerfile.steps[found.stage]
	position < found.position
	step.instruction.keyword in {"COPY", "ADD"}
	dockerfile.from_context(step.instruction)
	some source in step.instruction.sources
	regex.match(`^(\./?|/|\*|(\./)?(src|source|sources|cmd|pkg|internal|app|server|client|lib)/?)$`, source.value)
]

_is_vendored(_, "go") if "vendor/modules.txt" in input.context.files

_is_vendored(found, "go") if {
	text := concat(" ", array.concat(
		[word.text | some word in found.command.arguments],
		[value | value := dockerfile.variable(found, "GOFLAGS"); is_string(value)],
	))
	contains(text, "-mod=vendor")
}

# Before modules, `go build` fetched nothing.
_is_vendored(found, "go") if dockerfile.variable(found, "GO111MODULE") == "off"

# A module without a go.sum depends on nothing.
_is_vendored(_, "go") if {
	"go.mod" in input.context.files
	not "go.sum" in input.context.files
}

# The dependencies come from elsewhere: a folder of the context or another stage.
_copies_dependencies(found) if {
	some position, step in dockerfile.steps[found.stage]
	position < found.position
	step.instruction.keyword == "COPY"
	some source in step.instruction.sources
	regex.match(`(^|/)(vendor|node_modules|pkg/mod|site-packages)/?$`, source.value)
}
