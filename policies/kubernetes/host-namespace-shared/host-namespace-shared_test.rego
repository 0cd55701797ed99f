package policies.kubernetes["host-namespace-shared_test"]

import data.policies.kubernetes["host-namespace-shared"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

test_deny_each_namespace if {
	rule.deny == {
		at(["hostIPC"], "pod shares the IPC namespace of its node"),
		at(["hostNetwork"], "pod shares the network namespace of its node"),
		at(["hostPID"], "pod shares the process namespace of its node"),
	} with input as pod({"hostIPC": true, "hostNetwork": true, "hostPID": true})
}

test_allow_namespaces_of_its_own if {
	rule.deny == set() with input as pod({"hostIPC": false, "hostNetwork": null, "hostPID": "true", "hostUsers": true})
}
