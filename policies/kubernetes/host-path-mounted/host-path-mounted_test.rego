package policies.kubernetes["host-path-mounted_test"]

import data.policies.kubernetes["host-path-mounted"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

test_deny_each_volume if {
	rule.deny == {
		at(["volumes", 0, "hostPath", "path"], "volume logs mounts /var/log of the node"),
		at(["volumes", 2, "hostPath", "path"], "volume 2 mounts a path of the node"),
	} with input as pod({"volumes": [
		{"name": "logs", "hostPath": {"path": "/var/log"}},
		{"name": "cache", "emptyDir": {}},
		{"name": 7, "hostPath": {"path": 7}},
	]})
}

test_allow_volumes_of_other_types if {
	volumes := [{"name": "a", "hostPath": null}, {"name": "b", "emptyDir": {}}, null]
	rule.deny == set() with input as pod({"volumes": volumes})
	rule.deny == set() with input as pod({"volumes": null})
}
