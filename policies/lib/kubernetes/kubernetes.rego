# METADATA
# title: Pods and their containers
# description: |
#   Finds the pod of a manifest, its containers of every class, and what of their settings is in force once Kubernetes
#   has filled in its defaults.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
# schemas:
#   - input: schema.kubernetes
package policies.lib.kubernetes

# METADATA
# description: What the manifest is by its `apiVersion` and `kind` alone, for the `objects` of a rule.
# scope: document
objects contains _object

objects contains "pod" if _workload

_object := {
	"": {"ConfigMap": "config-map", "Secret": "secret", "Service": "service"},
	"rbac.authorization.k8s.io": {"ClusterRole": "role", "Role": "role"},
}[_group][input.kind]

# METADATA
# description: |
#   The pod that the manifest makes: its `spec` and the `path` to it. Undefined for manifests that make none, and where
#   the spec is no mapping.
# scope: document
pod := {"path": ["spec"], "spec": input.spec} if {
	_workload == "pod"
	is_object(input.spec)
}

pod := {"path": ["template", "spec"], "spec": input.template.spec} if {
	_workload == "template"
	is_object(input.template.spec)
}

pod := {"path": ["spec", "template", "spec"], "spec": input.spec.template.spec} if {
	_workload in {"controller", "job"}
	is_object(input.spec.template.spec)
}

pod := {"path": ["spec", "jobTemplate", "spec", "template", "spec"], "spec": spec} if {
	_workload == "cron job"
	spec := input.spec.jobTemplate.spec.template.spec
	is_object(spec)
}

# Groups of custom resources have a dot in their names; Kubernetes' own workloads are known by their kind, so that one
# whose version is wrong is checked nevertheless.
_workload := {
	"CronJob": "cron job",
	"DaemonSet": "controller",
	"Deployment": "controller",
	"Job": "job",
	"Pod": "pod",
	"PodTemplate": "template",
	"ReplicaSet": "controller",
	"ReplicationController": "controller",
	"StatefulSet": "controller",
}[input.kind] if {
	not contains(_group, ".")
}

default _group := ""

_group := split(input.apiVersion, "/")[0] if contains(input.apiVersion, "/")

# METADATA
# description: |
#   Every container of the pod: the `container` itself, the `path` to it, its `label` (the name, else the index) and its
#   `class`: ordinary, init, sidecar (an init container that keeps running) or ephemeral.
containers := [{
	"container": container,
	"path": array.concat(pod.path, [field, index]),
	"label": _label(container, index),
	"class": _class(field, container),
} |
	some field in ["initContainers", "containers", "ephemeralContainers"]
	is_array(pod.spec[field])
	some index, container in pod.spec[field]
	is_object(container)
]

_label(container, index) := container.name if {
	is_string(container.name)
	container.name != ""
} else := index

_class("containers", _) := "ordinary"

_class("ephemeralContainers", _) := "ephemeral"

_class("initContainers", container) := "sidecar" if container.restartPolicy == "Always"

else := "init"

# METADATA
# description: The image `reference` of each container that names one, its `path`, and the container's `label`.
images := [used |
	some c in containers
	is_string(c.container.image)
	used := {"reference": c.container.image, "path": array.concat(c.path, ["image"]), "label": c.label}
]

# METADATA
# description: Holds for a pod that says it runs on Windows, which refuses the security settings of Linux.
is_windows if pod.spec.os.name == "windows"

# METADATA
# description: |
#   The security setting in force for a container: its own, else the pod's. `value` is the setting, `path` where it is
#   written and `owner` whose it is, for messages. Undefined where neither sets it; null sets nothing.
security(c, setting) := {
	"value": c.container.securityContext[setting],
	"path": array.concat(c.path, ["securityContext", setting]),
	"owner": $"container {c.label}",
} if {
	c.container.securityContext[setting] != null
} else := {
	"value": pod.spec.securityContext[setting],
	"path": array.concat(pod.path, ["securityContext", setting]),
	"owner": "pod",
} if {
	pod.spec.securityContext[setting] != null
}

# METADATA
# scope: document
# description: Holds for pods that end when their work is done.
runs_to_completion if _workload in {"job", "cron job"}

runs_to_completion if pod.spec.restartPolicy in {"Never", "OnFailure"}

# METADATA
# description: |
#   The literal text of a container's environment variable and the `path` to it. The last entry of a name wins.
#   Undefined where the value comes from elsewhere or depends on other variables (`$(NAME)`).
literal(c, name) := {"value": text, "path": array.concat(c.path, ["env", index, "value"])} if {
	index := max([i | some i, entry in c.container.env; entry.name == name])
	text := _text(c.container.env[index].value)
	not contains(text, "$(")
}

_text(value) := value if is_string(value)

_text(value) := $"{value}" if is_number(value)
