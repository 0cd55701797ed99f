package policies.kubernetes["probe-port-name-undeclared_test"]

import data.policies.kubernetes["probe-port-name-undeclared"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

web(ports, value) := pod({"containers": [{
	"name": "web",
	"ports": ports,
	"livenessProbe": {"httpGet": {"port": value}},
}]})

undeclared := at(
	["containers", 0, "livenessProbe", "httpGet", "port"],
	"livenessProbe asks port http, a name that container web does not declare",
)

test_deny_a_name_that_no_port_has if {
	every ports in [[{"name": "metrics", "containerPort": 9090}], [{"containerPort": 80}], [], null, "x", [null]] {
		rule.deny == {undeclared} with input as web(ports, "http")
	}
}

test_deny_a_name_that_another_container_has if {
	rule.deny == {undeclared} with input as pod({"containers": [
		{"name": "web", "livenessProbe": {"httpGet": {"port": "http"}}},
		{"name": "proxy", "ports": [{"name": "http", "containerPort": 80}]},
	]})
}

test_allow_a_declared_name if rule.deny == set() with input as web([{"name": "http", "containerPort": 80}], "http")

test_allow_numbers if {
	every value in [80, "80", null] {
		rule.deny == set() with input as web([{"name": "http", "containerPort": 8080}], value)
	}
}
