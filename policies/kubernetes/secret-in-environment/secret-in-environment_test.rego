package policies.kubernetes["secret-in-environment_test"]

import data.policies.kubernetes["secret-in-environment"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

path(field, index) := ["spec", field, 0, "env", index, "value"]

env := [
	{"name": "PORT", "value": "8080"},
	{"name": "SESSION", "value": "here only by its mark"},
	{"name": 7, "value": "x"},
]

test_deny_marked_values_of_containers_of_every_class if {
	fields := ["initContainers", "containers", "ephemeralContainers"]
	rule.deny == {found |
		some field in fields
		found := {"path": path(field, 1), "message": "SESSION of container web holds a token"}
	} with input as pod({field: [{"name": "web", "env": env}] | some field in fields})
		with data.secrets as [{"path": path(field, 1), "type": "token"} | some field in fields]
}

test_deny_a_variable_without_name if {
	found := {"path": path("containers", 2), "message": "2 of container web holds a secret"}
	rule.deny == {found} with input as pod({"containers": [{"name": "web", "env": env}]})
		with data.secrets as [{"path": path("containers", 2), "type": "literal"}]
}

test_allow_placeholders_and_marks_elsewhere if {
	rule.deny == set() with input as pod({"containers": [{"name": "web", "env": env, "args": ["x"]}]})
		with data.secrets as [
			{"path": path("containers", 1), "type": "placeholder"},
			{"path": ["spec", "containers", 0, "args", 0], "type": "token"},
			{"path": ["metadata", "annotations", "note"], "type": "token"},
		]
}

test_allow_unmarked_values if {
	rule.deny == set() with input as pod({"containers": [{"name": "web", "env": env}, {"name": "b", "env": null}]})
		with data.secrets as []
}
