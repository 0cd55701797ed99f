package policies.kubernetes["image-tag-latest_test"]

import data.policies.kubernetes["image-tag-latest"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

web(reference) := pod({"containers": [{"name": "web", "image": reference}]})

test_deny_latest if {
	every reference in ["nginx:latest", "registry.example:5000/nginx:latest"] {
		rule.deny == {at(
			["containers", 0, "image"],
			$"image {reference} of container web has the tag latest",
		)} with input as web(reference)
	}
}

test_deny_containers_of_every_class if {
	containers := [{"name": "web", "image": "nginx:latest"}]
	rule.deny == {
	at([field, 0, "image"], "image nginx:latest of container web has the tag latest") |
		some field in ["initContainers", "containers", "ephemeralContainers"]
	} with input as pod({"initContainers": containers, "containers": containers, "ephemeralContainers": containers})
}

test_allow_others if {
	references := [
		"nginx",
		"latest",
		"nginx:1.27",
		"nginx:latest-alpine",
		"nginx:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		"registry.example:5000/latest",
		7,
		null,
	]
	every reference in references {
		rule.deny == set() with input as web(reference)
	}
}
