package policies.lib.declarations_test

import data.policies.lib.declarations
import data.policies.lib.dockerfile_example as example

document := object.union(
	example.single("alpine", [
		example.declare("ARG", [["TAG", "1"]]),
		example.declare("ENV", [["A", "1"], ["B", "2"]]),
	]),
	{"arguments": [example.declare("ARG", [["BASE"]])]},
)

test_arguments_of_the_file_and_of_its_stages if {
	declarations.arguments == [
		{
			"path": ["arguments", 0, "assignments", 0],
			"name": "BASE",
			"stage": -1,
			"assignment": {"name": "BASE"},
		},
		{
			"path": ["stages", 0, "instructions", 0, "assignments", 0, "value"],
			"name": "TAG",
			"stage": 0,
			"assignment": {"name": "TAG", "text": "1", "value": "1"},
		},
	] with input as document
}

test_variables if {
	found := declarations.variables with input as document
	[[one.name, one.path] | some one in found] == [
		["A", ["stages", 0, "instructions", 1, "assignments", 0, "value"]],
		["B", ["stages", 0, "instructions", 1, "assignments", 1, "value"]],
	]
}

test_a_secret_without_value if {
	every assignment in [{"text": ""}, {"text": `""`}, {"text": "''"}, {}] {
		declarations.is_secret_without_value(object.union(assignment, {"telling": true}))
	}
}

test_no_secret_without_value if {
	every assignment in [{"telling": true, "text": "x"}, {"text": ""}] {
		not declarations.is_secret_without_value(assignment)
	}
}
