package policies.kubernetes["gomemlimit-invalid_test"]

import data.policies.kubernetes["gomemlimit-invalid"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

web(entry) := pod({"containers": [{"name": "web", "env": [object.union({"name": "GOMEMLIMIT"}, entry)]}]})

test_deny_what_the_runtime_refuses if {
	every value in ["512Mi", "512MB", "512M", "0.5GiB", "1 GiB", "OFF", "90%", "-1"] {
		rule.deny == {at(
			["containers", 0, "env", 0, "value"],
			$"GOMEMLIMIT {value} of container web is malformed",
		)} with input as web({"value": value})
	}
}

test_deny_containers_of_every_class if {
	containers := [{"name": "web", "env": [{"name": "GOMEMLIMIT", "value": "512Mi"}]}]
	rule.deny == {
	at([field, 0, "env", 0, "value"], "GOMEMLIMIT 512Mi of container web is malformed") |
		some field in ["initContainers", "containers", "ephemeralContainers"]
	} with input as pod({"initContainers": containers, "containers": containers, "ephemeralContainers": containers})
}

test_allow_what_the_runtime_reads if {
	every value in ["512MiB", "536870912", "1GiB", "0", "off", ""] {
		rule.deny == set() with input as web({"value": value})
	}
}

test_allow_what_cannot_be_known if {
	rule.deny == set() with input as web({"value": "$(MEMORY)MiB"})
	rule.deny == set() with input as web({"valueFrom": {"resourceFieldRef": {"resource": "limits.memory"}}})
}

test_allow_other_variables if {
	rule.deny == set() with input as pod({"containers": [{"env": [{"name": "MEMORY", "value": "512Mi"}]}]})
}
