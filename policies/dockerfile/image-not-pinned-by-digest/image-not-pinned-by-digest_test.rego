package policies.dockerfile["image-not-pinned-by-digest_test"]

import data.policies.dockerfile["image-not-pinned-by-digest"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_tag if {
	rule.deny == {
		{"path": ["stages", 0, "from", "image"], "message": "image alpine:3.22 is not pinned by digest"},
	} with input as example.single("alpine:3.22", [])
}

test_deny_no_tag if {
	rule.deny == {
		{"path": ["stages", 0, "from", "image"], "message": "image alpine is not pinned by digest"},
	} with input as example.single("alpine", [])
}

test_deny_copied_image if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 0, "flags", 0], "message": "image busybox:1.37 is not pinned by digest"},
	} with input as example.single("scratch", [example.copy_with(["/bin/busybox"], "/bin/", ["from=busybox:1.37"])])
}

test_allow_digest if {
	rule.deny == set() with input as example.single("alpine:3.22@sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b", [])
}

test_allow_digest_alone if {
	rule.deny == set() with input as example.single("registry.example.com:5000/app@sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b", [])
}

test_allow_scratch if {
	rule.deny == set() with input as example.single("scratch", [])
}

test_allow_stage if {
	rule.deny == set() with input as example.file([
		{
			"from": "alpine@sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b",
			"as": "base",
			"do": [],
		},
		{"from": "base", "do": []},
	])
}

test_allow_unknown if {
	rule.deny == set() with input as example.single("?${BASE}", [])
}
