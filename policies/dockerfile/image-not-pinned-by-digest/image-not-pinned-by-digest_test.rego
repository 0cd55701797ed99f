package policies.dockerfile["image-not-pinned-by-digest_test"]

import data.policies.dockerfile["image-not-pinned-by-digest"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_tag if {
	path := ["stages", 0, "from", "image"]
	message := "image alpine:3.22 is not pinned by digest"
	document := example.single("alpine:3.22", [])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_no_tag if {
	path := ["stages", 0, "from", "image"]
	message := "image alpine is not pinned by digest"
	document := example.single("alpine", [])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_copied_image if {
	path := ["stages", 0, "instructions", 0, "flags", 0]
	message := "image busybox:1.37 is not pinned by digest"
	document := example.single("scratch", [example.copy_with(["/bin/busybox"], "/bin/", ["from=busybox:1.37"])])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_digest if {
	document := example.single("alpine:3.22@sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b", [])
	rule.deny == set() with input as document
}

test_allow_digest_alone if {
	document := example.single("registry.example.com:5000/app@sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b", [])
	rule.deny == set() with input as document
}

test_allow_scratch if {
	document := example.single("scratch", [])
	rule.deny == set() with input as document
}

test_allow_stage if {
	document := example.file([
		{
			"from": "alpine@sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b",
			"as": "base",
			"do": [],
		},
		{"from": "base", "do": []},
	])
	rule.deny == set() with input as document
}

test_allow_unknown if {
	document := example.single("?${BASE}", [])
	rule.deny == set() with input as document
}
