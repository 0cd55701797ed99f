package policies.lib.kubernetes_test

import data.policies.lib.kubernetes

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

test_objects if {
	every case in [
		["v1", "ConfigMap", {"config-map"}],
		["v1", "Secret", {"secret"}],
		["v1", "Service", {"service"}],
		["rbac.authorization.k8s.io/v1", "Role", {"role"}],
		["rbac.authorization.k8s.io/v1beta1", "ClusterRole", {"role"}],
		["serving.knative.dev/v1", "Service", set()],
		["v1", "Namespace", set()],
	] {
		kubernetes.objects == case[2] with input as {"apiVersion": case[0], "kind": case[1]}
	}
}

test_a_pod_is_an_object if kubernetes.objects == {"pod"} with input as pod({})

template := {"template": {"spec": {"hostPID": true}}}

test_pods_of_controllers if {
	every workload in [
		["v1", "ReplicationController"],
		["apps/v1", "DaemonSet"],
		["apps/v1", "Deployment"],
		["apps/v1beta2", "ReplicaSet"],
		["apps/v1", "StatefulSet"],
		["extensions/v1beta1", "Deployment"],
		["v1", "Deployment"],
		["batch/v1", "Job"],
	] {
		[kubernetes.pod.path, kubernetes.pod.spec.hostPID] == [["spec", "template", "spec"], true] with input as {
			"apiVersion": workload[0],
			"kind": workload[1],
			"spec": object.union(template, {"jobTemplate": {"spec": template}}),
			"template": {"spec": {"hostIPC": true}},
		}
	}
}

test_pods_of_other_workloads if {
	every case in [
		[pod({"hostPID": true}), ["spec"]],
		[object.union({"apiVersion": "v1", "kind": "PodTemplate"}, template), ["template", "spec"]],
		[
			{"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"jobTemplate": {"spec": template}}},
			["spec", "jobTemplate", "spec", "template", "spec"],
		],
	] {
		[kubernetes.pod.path, kubernetes.pod.spec.hostPID] == [case[1], true] with input as case[0]
	}
}

test_kinds_of_the_same_name_in_other_groups_make_no_pod if {
	not kubernetes.pod with input as {
		"apiVersion": "batch.volcano.sh/v1alpha1",
		"kind": "Job",
		"spec": {"template": {"spec": {}}},
	}
}

test_a_spec_that_is_no_mapping_makes_no_pod if {
	not kubernetes.pod with input as pod(["containers"])
	not kubernetes.pod with input as {"apiVersion": "v1", "kind": "PodTemplate", "template": {"spec": "x"}}
	not kubernetes.pod with input as {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": []}}}
	not kubernetes.pod with input as {
		"apiVersion": "batch/v1",
		"kind": "CronJob",
		"spec": {"jobTemplate": {"spec": {"template": {"spec": 1}}}},
	}
	kubernetes.containers == [] with input as pod(["containers"])
}

test_containers_of_every_class if {
	found := kubernetes.containers with input as pod({
		"ephemeralContainers": [{"name": "debug"}],
		"containers": [{"name": "web"}, {"name": ""}, {"image": "nginx"}, {"name": 7}],
		"initContainers": [{"name": "wait"}, {"name": "proxy", "restartPolicy": "Always"}],
	})
	found == [
		{"container": {"name": "wait"}, "path": ["spec", "initContainers", 0], "label": "wait", "class": "init"},
		{
			"container": {"name": "proxy", "restartPolicy": "Always"},
			"path": ["spec", "initContainers", 1],
			"label": "proxy",
			"class": "sidecar",
		},
		{"container": {"name": "web"}, "path": ["spec", "containers", 0], "label": "web", "class": "ordinary"},
		{"container": {"name": ""}, "path": ["spec", "containers", 1], "label": 1, "class": "ordinary"},
		{"container": {"image": "nginx"}, "path": ["spec", "containers", 2], "label": 2, "class": "ordinary"},
		{"container": {"name": 7}, "path": ["spec", "containers", 3], "label": 3, "class": "ordinary"},
		{"container": {"name": "debug"}, "path": ["spec", "ephemeralContainers", 0], "label": "debug", "class": "ephemeral"},
	]
}

test_what_is_no_list_of_mappings_holds_no_containers if {
	every spec in [
		{"containers": {"web": {"image": "nginx"}}},
		{"containers": null, "initContainers": "x"},
		{"containers": [null, "web", []]},
	] {
		kubernetes.containers == [] with input as pod(spec)
	}
}

test_images if {
	kubernetes.images == [
		{"reference": "busybox", "path": ["spec", "initContainers", 0, "image"], "label": 0},
		{"reference": "nginx", "path": ["spec", "containers", 1, "image"], "label": "web"},
	] with input as pod({
		"initContainers": [{"image": "busybox"}],
		"containers": [{"image": 7}, {"name": "web", "image": "nginx"}, {"image": null}, {}],
	})
}

test_windows if {
	kubernetes.is_windows with input as pod({"os": {"name": "windows"}})
	not kubernetes.is_windows with input as pod({"os": {"name": "linux"}})
	not kubernetes.is_windows with input as pod({})
}

web(fields) := object.union({"path": ["c"], "label": "web"}, {"container": fields})

test_a_containers_setting_overrides_the_pods if {
	every case in [[{"runAsUser": 7}, 0], [{}, 0], [null, 0], [{"runAsUser": 0}, false]] {
		kubernetes.security(web({"securityContext": {"runAsUser": case[1]}}), "runAsUser") == {
			"value": case[1],
			"path": ["c", "securityContext", "runAsUser"],
			"owner": "container web",
		} with input as pod({"securityContext": case[0]})
	}
}

test_a_pods_setting_holds_where_the_container_has_none if {
	every context in [{}, {"runAsUser": null}, null, "x"] {
		kubernetes.security(web({"securityContext": context}), "runAsUser") == {
			"value": 7,
			"path": ["spec", "securityContext", "runAsUser"],
			"owner": "pod",
		} with input as pod({"securityContext": {"runAsUser": 7}})
	}
}

test_a_setting_that_nobody_makes if {
	every context in [{"securityContext": {}}, {"securityContext": {"runAsUser": null}}, {"securityContext": null}] {
		not kubernetes.security(web(context), "runAsUser") with input as pod(context)
	}
}

test_literals if {
	every case in [
		[[{"name": "B", "value": "2"}, {"name": "A", "value": "1"}], "1", 1],
		[[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}], "2", 1],
		[[{"name": "A", "value": 1}], "1", 0],
		[[{"name": "A", "value": ""}], "", 0],
	] {
		kubernetes.literal(web({"env": case[0]}), "A") == {"value": case[1], "path": ["c", "env", case[2], "value"]}
	}
}

test_values_that_cannot_be_known if {
	every env in [
		[{"name": "A", "value": "1"}, {"name": "A", "valueFrom": {"fieldRef": {}}}],
		[{"name": "A", "value": "$(B)MiB"}],
		[{"name": "A", "value": true}],
		[{"name": "A"}],
		[{"name": "B", "value": "1"}],
		[null],
		null,
		"x",
	] {
		not kubernetes.literal(web({"env": env}), "A")
	}
}
