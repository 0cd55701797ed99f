package policies.kubernetes["readiness-probe-missing_test"]

import data.policies.kubernetes["readiness-probe-missing"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

ports := [{"containerPort": 8080}]

test_deny_a_container_that_serves_a_port if {
	every probe in [{}, {"readinessProbe": null}, {"readinessProbe": "x"}, {"livenessProbe": {"grpc": {"port": 1}}}] {
		rule.deny == {at(
			["containers", 0, "readinessProbe"],
			"container web has no readiness probe",
		)} with input as pod({"containers": [object.union({"name": "web", "ports": ports}, probe)]})
	}
}

test_allow_a_probe if {
	rule.deny == set() with input as pod({"containers": [{"ports": ports, "readinessProbe": {"grpc": {"port": 8080}}}]})
}

test_allow_a_container_without_port if {
	every declared in [[], null, "x", [null], [{"name": "http"}]] {
		rule.deny == set() with input as pod({"containers": [{"name": "web", "ports": declared}]})
	}
}

test_allow_a_container_that_does_not_serve if {
	rule.deny == set() with input as pod({"initContainers": [{"name": "wait", "ports": ports}]})
}
