package policies.kubernetes["gomemlimit-over-memory-limit_test"]

import data.policies.kubernetes["gomemlimit-over-memory-limit"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

web(value, limit) := pod({"containers": [{
	"name": "web",
	"env": [{"name": "GOMEMLIMIT", "value": value}],
	"resources": {"limits": {"memory": limit}},
}]})

test_deny_values_above_the_limit if {
	every pair in [
		["512MiB", "512M"],
		["1GiB", "1073741823"],
		["129000001", "129M"],
		["2GiB", 2147483647],
		["1001B", "1e3"],
		["1GiB", "0.5Gi"],
		["1", "500m"],
	] {
		rule.deny == {at(
			["containers", 0, "env", 0, "value"],
			$"GOMEMLIMIT {pair[0]} of container web is above its memory limit {pair[1]}",
		)} with input as web(pair[0], pair[1])
	}
}

test_deny_the_limit_of_the_pod if {
	rule.deny == {at(
		["containers", 0, "env", 0, "value"],
		"GOMEMLIMIT 2GiB of container web is above its memory limit 1Gi",
	)} with input as pod({
		"resources": {"limits": {"memory": "1Gi"}},
		"containers": [{"name": "web", "env": [{"name": "GOMEMLIMIT", "value": "2GiB"}]}],
	})
}

test_allow_values_up_to_the_limit if {
	every pair in [
		["512MiB", "512Mi"],
		["512MiB", "0.5Gi"],
		["460MiB", "512Mi"],
		["129000000", "129M"],
		["1073741824", 1073741824],
		["1000B", "1e3"],
	] {
		rule.deny == set() with input as web(pair[0], pair[1])
	}
}

test_allow_what_cannot_be_compared if {
	every pair in [
		["off", "1Gi"],
		["2Gi", "1Gi"],
		["$(LIMIT)", "1Gi"],
		["2GiB", "nonsense"],
		["2GiB", "0"],
		["2GiB", null],
	] {
		rule.deny == set() with input as web(pair[0], pair[1])
	}
}

test_allow_other_variables if {
	rule.deny == set() with input as pod({"containers": [{
		"env": [{"name": "MEMORY", "value": "2GiB"}],
		"resources": {"limits": {"memory": "1Gi"}},
	}]})
}
