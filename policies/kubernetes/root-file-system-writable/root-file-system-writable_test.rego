package policies.kubernetes["root-file-system-writable_test"]

import data.policies.kubernetes["root-file-system-writable"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

web(context) := pod({"containers": [{"name": "web", "securityContext": context}]})

denied(field) := at(
	[field, 0, "securityContext", "readOnlyRootFilesystem"],
	"container web may write to its root file system",
)

test_deny_each_other_value if {
	every context in [
		{"readOnlyRootFilesystem": false},
		{"readOnlyRootFilesystem": null},
		{"readOnlyRootFilesystem": "true"},
		{},
		null,
		"x",
	] {
		rule.deny == {denied("containers")} with input as web(context)
	}
}

test_deny_containers_of_every_class if {
	containers := [{"name": "web"}]
	rule.deny == {
	denied(field) |
		some field in ["initContainers", "containers", "ephemeralContainers"]
	} with input as pod({"initContainers": containers, "containers": containers, "ephemeralContainers": containers})
}

test_deny_what_only_the_pod_sets if {
	rule.deny == {denied("containers")} with input as pod({
		"securityContext": {"readOnlyRootFilesystem": true},
		"containers": [{"name": "web"}],
	})
}

test_allow_true if rule.deny == set() with input as web({"readOnlyRootFilesystem": true})

test_allow_windows if {
	rule.deny == set() with input as pod({"os": {"name": "windows"}, "containers": [{"name": "web"}]})
}
