package policies.lib.probes_test

import data.policies.lib.probes

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

test_serving_containers if {
	found := probes.serving_containers with input as pod({
		"restartPolicy": "Always",
		"initContainers": [{"name": "wait"}, {"name": "proxy", "restartPolicy": "Always"}],
		"containers": [{"name": "web"}],
		"ephemeralContainers": [{"name": "debug"}],
	})
	[c.label | some c in found] == ["proxy", "web"]
}

test_pods_that_run_to_completion_serve_nothing if {
	work := {"template": {"spec": {"containers": [{"name": "work"}]}}}
	every document in [
		pod({"restartPolicy": "Never", "containers": [{"name": "work"}]}),
		pod({"restartPolicy": "OnFailure", "containers": [{"name": "work"}]}),
		{"apiVersion": "batch/v1", "kind": "Job", "spec": work},
		{"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"jobTemplate": {"spec": work}}},
	] {
		probes.serving_containers == [] with input as document
	}
}

test_ports_of_every_probe_and_handler if {
	container := {
		"livenessProbe": {"httpGet": {"port": "http"}},
		"readinessProbe": {"tcpSocket": {"port": "8080", "host": "db"}},
		"startupProbe": {"grpc": {"port": 9090}},
		"lifecycle": {"preStop": {"httpGet": {"port": 1}}},
	}
	found := probes.ports with input as pod({"containers": [container]})
	[port.c.container | some port in found] == [container, container, container]
	[object.remove(port, ["c"]) | some port in found] == [
		{
			"probe": "livenessProbe",
			"handler": {"port": "http"},
			"value": "http",
			"path": ["spec", "containers", 0, "livenessProbe", "httpGet", "port"],
		},
		{
			"probe": "readinessProbe",
			"handler": {"port": "8080", "host": "db"},
			"value": 8080,
			"path": ["spec", "containers", 0, "readinessProbe", "tcpSocket", "port"],
		},
		{
			"probe": "startupProbe",
			"handler": {"port": 9090},
			"value": 9090,
			"path": ["spec", "containers", 0, "startupProbe", "grpc", "port"],
		},
	]
}

test_texts_that_are_no_port_number_stay_texts if {
	values := ["0", "080", "123456", "80a", "-1", true]
	found := probes.ports with input as pod({"containers": [container |
		some value in values
		container := {"livenessProbe": {"httpGet": {"port": value}}}
	]})
	[port.value | some port in found] == values
}
