package policies.kubernetes["seccomp-not-set_test"]

import data.policies.kubernetes["seccomp-not-set"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

contexts(of_pod, of_container) := pod({
	"securityContext": of_pod,
	"containers": [{"name": "web", "securityContext": of_container}],
})

profile(type) := {"seccompProfile": {"type": type}}

missing := at(["containers", 0, "securityContext", "seccompProfile"], "container web has no seccomp profile")

test_deny_what_nobody_set if {
	every context in [{}, {"seccompProfile": null}, {"seccompProfile": {}}, profile(null), null, "x"] {
		rule.deny == {missing} with input as contexts(context, context)
	}
}

test_deny_containers_of_every_class if {
	containers := [{"name": "web"}]
	rule.deny == {
	at([field, 0, "securityContext", "seccompProfile"], "container web has no seccomp profile") |
		some field in ["initContainers", "containers", "ephemeralContainers"]
	} with input as pod({"initContainers": containers, "containers": containers, "ephemeralContainers": containers})
}

test_deny_a_container_that_overrides_the_pod if {
	rule.deny == {at(
		["containers", 0, "securityContext", "seccompProfile", "type"],
		"container web has the seccomp profile Unconfined",
	)} with input as contexts(profile("RuntimeDefault"), profile("Unconfined"))
}

test_deny_the_pods_own_setting_once if {
	rule.deny == {at(
		["securityContext", "seccompProfile", "type"],
		"pod has the seccomp profile Unconfined",
	)} with input as pod({"securityContext": profile("Unconfined"), "containers": [{"name": "a"}, {"name": "b"}]})
}

test_allow_a_profile if {
	every type in ["RuntimeDefault", "Localhost"] {
		rule.deny == set() with input as contexts(profile(type), {})
		rule.deny == set() with input as contexts(profile("Unconfined"), profile(type))
	}
}

test_allow_windows if {
	rule.deny == set() with input as pod({"os": {"name": "windows"}, "containers": [{"name": "web"}]})
}
