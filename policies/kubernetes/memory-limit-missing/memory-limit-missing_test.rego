package policies.kubernetes["memory-limit-missing_test"]

import data.policies.kubernetes["memory-limit-missing"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

test_deny_a_container_without_limit if {
	every resources in [{}, null, "x", {"limits": null}, {"limits": {"memory": "0"}}, {"requests": {"memory": "1Gi"}}] {
		rule.deny == {at(
			["containers", 0, "resources", "limits", "memory"],
			"container web has no memory limit",
		)} with input as pod({"containers": [{"name": "web", "resources": resources}]})
	}
}

test_deny_init_containers_and_no_ephemeral_ones if {
	rule.deny == {at(
		["initContainers", 0, "resources", "limits", "memory"],
		"container wait has no memory limit",
	)} with input as pod({"initContainers": [{"name": "wait"}], "ephemeralContainers": [{"name": "debug"}]})
}

test_allow_a_limit if {
	limited := {"limits": {"memory": "1Gi"}}
	rule.deny == set() with input as pod({"containers": [{"name": "web", "resources": limited}]})
	rule.deny == set() with input as pod({"resources": limited, "containers": [{"name": "web"}]})
}
