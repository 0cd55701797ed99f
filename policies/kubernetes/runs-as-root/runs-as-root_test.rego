package policies.kubernetes["runs-as-root_test"]

import data.policies.kubernetes["runs-as-root"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

contexts(of_pod, of_container) := pod({
	"securityContext": of_pod,
	"containers": [{"name": "web", "securityContext": of_container}],
})

test_deny_what_nobody_set if {
	every context in [{}, {"runAsNonRoot": null}, {"runAsUser": null}, {"runAsUser": "1000"}, null, "x"] {
		rule.deny == {at(
			["containers", 0, "securityContext", "runAsNonRoot"],
			"container web may run as root",
		)} with input as contexts(context, context)
	}
}

test_deny_containers_of_every_class if {
	containers := [{"name": "web"}]
	rule.deny == {
	at([field, 0, "securityContext", "runAsNonRoot"], "container web may run as root") |
		some field in ["initContainers", "containers", "ephemeralContainers"]
	} with input as pod({"initContainers": containers, "containers": containers, "ephemeralContainers": containers})
}

test_deny_a_container_that_overrides_the_pod if {
	rule.deny == {at(
		["containers", 0, "securityContext", "runAsNonRoot"],
		"container web may run as root: runAsNonRoot is false",
	)} with input as contexts({"runAsNonRoot": true}, {"runAsNonRoot": false})
}

test_deny_the_pods_own_setting_once if {
	rule.deny == {at(
		["securityContext", "runAsNonRoot"],
		"pod may run as root: runAsNonRoot is false",
	)} with input as pod({"securityContext": {"runAsNonRoot": false}, "containers": [{"name": "a"}, {"name": "b"}]})
}

test_deny_user_0_even_where_the_kubelet_would_refuse_it if {
	rule.deny == {at(
		["containers", 0, "securityContext", "runAsUser"],
		"container web runs as user 0",
	)} with input as contexts({"runAsNonRoot": true}, {"runAsUser": 0})
}

test_deny_user_0_of_the_pod if {
	rule.deny == {at(["securityContext", "runAsUser"], "pod runs as user 0")} with input as contexts({"runAsUser": 0}, {})
}

test_deny_user_0_of_a_container_that_overrides_the_pod if {
	rule.deny == {at(
		["containers", 0, "securityContext", "runAsUser"],
		"container web runs as user 0",
	)} with input as contexts({"runAsUser": 1000}, {"runAsUser": 0})
}

test_allow_non_root if {
	rule.deny == set() with input as contexts({"runAsNonRoot": true}, {})
	rule.deny == set() with input as contexts({}, {"runAsNonRoot": true})
	rule.deny == set() with input as contexts({"runAsNonRoot": false}, {"runAsNonRoot": true})
}

test_allow_another_user if {
	rule.deny == set() with input as contexts({"runAsUser": 1000}, {})
	rule.deny == set() with input as contexts({"runAsUser": 0}, {"runAsUser": 1000})
	rule.deny == set() with input as contexts({"runAsUser": 1000}, {"runAsNonRoot": false})
}

test_allow_root_of_a_user_namespace if {
	rule.deny == set() with input as pod({"hostUsers": false, "containers": [{"name": "web"}]})
}

test_deny_root_without_a_user_namespace if {
	rule.deny == {at(
		["containers", 0, "securityContext", "runAsUser"],
		"container web runs as user 0",
	)} with input as pod({"hostUsers": true, "containers": [{"name": "web", "securityContext": {"runAsUser": 0}}]})
}
