package policies.kubernetes["image-tag-missing_test"]

import data.policies.kubernetes["image-tag-missing"] as rule

at(path, message) := {"path": array.concat(["spec"], path), "message": message}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

web(reference) := pod({"containers": [{"name": "web", "image": reference}]})

test_deny_references_without_tag_and_digest if {
	every reference in ["nginx", "registry.example:5000/nginx", "ghcr.io/team/web"] {
		rule.deny == {at(
			["containers", 0, "image"],
			$"image {reference} of container web has no tag",
		)} with input as web(reference)
	}
}

test_deny_containers_of_every_class if {
	containers := [{"name": "web", "image": "nginx"}]
	rule.deny == {
	at([field, 0, "image"], "image nginx of container web has no tag") |
		some field in ["initContainers", "containers", "ephemeralContainers"]
	} with input as pod({"initContainers": containers, "containers": containers, "ephemeralContainers": containers})
}

test_allow_others if {
	digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	references := [
		"nginx:1.27",
		"nginx:latest",
		$"nginx@{digest}",
		$"registry.example:5000/nginx@{digest}",
		"registry.example:5000/nginx:1.27",
		"${IMAGE}",
		"",
		7,
		null,
	]
	every reference in references {
		rule.deny == set() with input as web(reference)
	}
}
