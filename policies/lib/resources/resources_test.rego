package policies.lib.resources_test

import data.policies.lib.resources

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

web(fields) := object.union({"path": ["c"], "label": "web"}, {"container": fields})

test_ephemeral_containers_may_not_ask_for_resources if {
	found := resources.containers with input as pod({
		"initContainers": [{"name": "wait"}],
		"containers": [{"name": "web"}],
		"ephemeralContainers": [{"name": "debug"}],
	})
	[c.label | some c in found] == ["wait", "web"]
}

test_limits if {
	every case in [
		[{"limits": {"memory": "2Gi"}}, {"limits": {"memory": "1Gi"}}, "1Gi"],
		[{"limits": {"memory": "2Gi"}}, {"limits": {"memory": null}}, "2Gi"],
		[{"limits": {"memory": "2Gi"}}, {"limits": {"cpu": 1}}, "2Gi"],
		[null, {"limits": {"memory": 1000000}}, 1000000],
		[null, {"limits": {"memory": "nonsense"}}, "nonsense"],
	] {
		resources.limit(web({"resources": case[1]}), "memory") == case[2] with input as pod({"resources": case[0]})
	}
}

test_no_limits if {
	every case in [
		[{"limits": {"memory": null}}, {"requests": {"memory": "1Gi"}}],
		[null, null],
		[null, {"limits": {"memory": 0}}],
		[null, {"limits": {"memory": "0Mi"}}],
	] {
		not resources.limit(web({"resources": case[1]}), "memory") with input as pod({"resources": case[0]})
	}
}

test_requests if {
	every case in [
		[{}, {"requests": {"memory": "1Gi"}}],
		[{}, {"limits": {"memory": "1Gi"}}],
		[{"requests": {"memory": "1Gi"}}, {}],
		[{"limits": {"memory": "1Gi"}}, null],
	] {
		resources.is_requested(web({"resources": case[1]}), "memory") with input as pod({"resources": case[0]})
	}
}

test_no_requests if {
	every case in [
		[{"limits": {"cpu": 1}}, {"requests": {"cpu": 1, "memory": null}}],
		[{}, {"claims": {"memory": "1Gi"}}],
		[null, "x"],
	] {
		not resources.is_requested(web({"resources": case[1]}), "memory") with input as pod({"resources": case[0]})
	}
}
