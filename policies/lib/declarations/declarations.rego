# METADATA
# title: What a Dockerfile declares with ARG and ENV
# description: Lists the names and values of both instructions, before the first FROM too.
# schemas:
#   - input: schema.dockerfile
package policies.lib.declarations

import data.policies.lib.dockerfile

# METADATA
# description: |
#   What ARG declares: `{path, name, stage, assignment}`, where `stage` is -1 before the first FROM and `path` is that
#   of the value where there is one.
arguments := array.concat(
	[argument |
		some position, instruction in input.arguments
		some number, assignment in instruction.assignments
		argument := _assigned(["arguments", position], -1, number, assignment)
	],
	_declared("ARG"),
)

# METADATA
# description: What ENV sets, in the same form.
variables := _declared("ENV")

_declared(keyword) := [declared |
	some stage in dockerfile.own_steps
	some step in stage
	step.instruction.keyword == keyword
	some number, assignment in step.instruction.assignments
	declared := _assigned(step.path, step.stage, number, assignment)
]

_assigned(path, stage, number, assignment) := {
	"path": array.flatten([path, "assignments", number, _value_key(assignment)]),
	"name": assignment.name,
	"stage": stage,
	"assignment": assignment,
}

_value_key(assignment) := ["value"] if {
	assignment.value
} else := []

# METADATA
# description: Holds for a name that tells of a secret whose value comes from outside.
is_secret_without_value(assignment) if {
	assignment.telling
	object.get(assignment, "text", "") in {"", `""`, `''`}
}
