package policies.kubernetes.privileged_test

import data.policies.kubernetes.privileged as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

web(context) := pod({"containers": [{"name": "web", "securityContext": context}]})

test_deny_containers_of_every_class if {
	containers := [{"name": "a", "securityContext": {"privileged": true}}]
	rule.deny == {
	at([field, 0, "securityContext", "privileged"], "container a is privileged") |
		some field in ["initContainers", "containers", "ephemeralContainers"]
	} with input as pod({"initContainers": containers, "containers": containers, "ephemeralContainers": containers})
}

test_allow_others if {
	every context in [{"privileged": false}, {"privileged": "true"}, {"privileged": null}, {}, null, "privileged"] {
		rule.deny == set() with input as web(context)
	}
}

test_allow_a_pod_that_cannot_be_privileged if {
	rule.deny == set() with input as pod({"securityContext": {"privileged": true}, "containers": [{"name": "web"}]})
}
