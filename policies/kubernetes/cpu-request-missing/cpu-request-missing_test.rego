package policies.kubernetes["cpu-request-missing_test"]

import data.policies.kubernetes["cpu-request-missing"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

test_deny_a_container_without_request_and_limit if {
	every resources in [{}, null, "x", {"limits": null}, {"limits": {"memory": "1"}, "requests": {"cpu": null}}] {
		rule.deny == {at(
			["containers", 0, "resources", "requests", "cpu"],
			"container web requests no CPU",
		)} with input as pod({"containers": [{"name": "web", "resources": resources}]})
	}
}

test_deny_init_containers_and_no_ephemeral_ones if {
	rule.deny == {at(
		["initContainers", 0, "resources", "requests", "cpu"],
		"container wait requests no CPU",
	)} with input as pod({"initContainers": [{"name": "wait"}], "ephemeralContainers": [{"name": "debug"}]})
}

test_allow_a_request_or_a_limit if {
	every kind in ["requests", "limits"] {
		resources := {kind: {"cpu": "1"}}
		rule.deny == set() with input as pod({"containers": [{"name": "web", "resources": resources}]})
		rule.deny == set() with input as pod({"resources": resources, "containers": [{"name": "web"}]})
	}
}
