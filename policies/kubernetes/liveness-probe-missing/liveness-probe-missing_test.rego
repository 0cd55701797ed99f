package policies.kubernetes["liveness-probe-missing_test"]

import data.policies.kubernetes["liveness-probe-missing"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

test_deny_a_container_without_probe if {
	every probe in [{}, {"livenessProbe": null}, {"readinessProbe": {"grpc": {"port": 1}}}] {
		rule.deny == {at(
			["containers", 0, "livenessProbe"],
			"container web has no liveness probe",
		)} with input as pod({"containers": [object.union({"name": "web"}, probe)]})
	}
}

test_allow_a_probe if {
	rule.deny == set() with input as pod({"containers": [{"livenessProbe": {"exec": {"command": ["true"]}}}]})
}

test_allow_a_container_that_does_not_serve if {
	rule.deny == set() with input as pod({"initContainers": [{"name": "wait"}]})
}
