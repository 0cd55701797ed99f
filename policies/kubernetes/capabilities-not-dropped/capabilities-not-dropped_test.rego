package policies.kubernetes["capabilities-not-dropped_test"]

import data.policies.kubernetes["capabilities-not-dropped"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

web(context) := pod({"containers": [{"name": "web", "securityContext": context}]})

drop := ["securityContext", "capabilities", "drop"]

test_deny_each_other_value if {
	every context in [
		{"capabilities": {"drop": ["NET_RAW"]}},
		{"capabilities": {"drop": ["all"]}},
		{"capabilities": {"drop": []}},
		{"capabilities": {"drop": "ALL"}},
		{"capabilities": {"add": ["ALL"]}},
		{"capabilities": null},
		{},
		null,
	] {
		rule.deny == {at(
			array.concat(["containers", 0], drop),
			"container web does not drop ALL capabilities",
		)} with input as web(context)
	}
}

test_deny_containers_of_every_class if {
	containers := [{"name": "web"}]
	rule.deny == {
	at(array.concat([field, 0], drop), "container web does not drop ALL capabilities") |
		some field in ["initContainers", "containers", "ephemeralContainers"]
	} with input as pod({"initContainers": containers, "containers": containers, "ephemeralContainers": containers})
}

test_allow_all_dropped if {
	rule.deny == set() with input as web({"capabilities": {"drop": ["NET_RAW", "ALL"], "add": ["NET_BIND_SERVICE"]}})
}

test_allow_windows if {
	rule.deny == set() with input as pod({"os": {"name": "windows"}, "containers": [{"name": "web"}]})
}
