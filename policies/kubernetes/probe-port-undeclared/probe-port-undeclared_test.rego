package policies.kubernetes["probe-port-undeclared_test"]

import data.policies.kubernetes["probe-port-undeclared"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

web(ports, handler) := pod({"containers": [{"name": "web", "ports": ports, "readinessProbe": {"httpGet": handler}}]})

test_deny_a_number_that_no_port_has if {
	every value in [81, "81"] {
		rule.deny == {at(
			["containers", 0, "readinessProbe", "httpGet", "port"],
			"readinessProbe asks port 81, which container web does not declare",
		)} with input as web([{"containerPort": 80}, {"containerPort": 443}], {"port": value, "host": ""})
	}
}

test_allow_a_declared_number if {
	rule.deny == set() with input as web([{"containerPort": 80}, {"containerPort": 443}], {"port": 443})
}

test_allow_a_container_that_declares_no_port if {
	every ports in [[], null, "x", [{"name": "http"}]] {
		rule.deny == set() with input as web(ports, {"port": 80})
	}
}

test_allow_another_host if {
	rule.deny == set() with input as web([{"containerPort": 80}], {"port": 81, "host": "127.0.0.1"})
}

test_allow_names if rule.deny == set() with input as web([{"containerPort": 80}], {"port": "http"})
