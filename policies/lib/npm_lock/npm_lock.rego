# METADATA
# title: Lock files of npm in a build
# description: Tells whether a command finds one beside package.json.
# schemas:
#   - input: schema.dockerfile
# related_resources:
#   - ref: https://docs.npmjs.com/cli/configuring-npm/package-lock-json
package policies.lib.npm_lock

import data.policies.lib.dockerfile

# METADATA
# scope: document
# description: |
#   Holds where a lock file of npm lies beside package.json when a command runs: one is copied by name, or a pattern or
#   a folder is copied and the context has one.
is_present(found) if {
	some source in _sources_before(found)
	dockerfile.base_name(source) in {"package-lock.json", "npm-shrinkwrap.json"}
}

# Without a tree a pattern for both files means both. In a tree without a lock file `npm ci` would fail.
is_present(found) if {
	not input.context.known
	some source in _sources_before(found)
	glob.match(dockerfile.base_name(source), [], "package-lock.json")
}

is_present(found) if {
	some file in input.context.files
	dockerfile.base_name(file) in {"package-lock.json", "npm-shrinkwrap.json"}
	some source in _sources_before(found)
	_brings(source, file)
}

_brings(source, file) if {
	source in {".", "./", "/"}
	not contains(file, "/")
}

_brings(source, file) if glob.match(trim_prefix(source, "./"), ["/"], file)

_brings(source, file) if startswith(file, $"{trim_suffix(trim_prefix(source, "./"), "/")}/")

_sources_before(found) := [source.value |
	some position, step in dockerfile.steps[found.stage]
	position < found.position
	step.instruction.keyword in {"COPY", "ADD"}
	dockerfile.from_context(step.instruction)
	some source in step.instruction.sources
]
