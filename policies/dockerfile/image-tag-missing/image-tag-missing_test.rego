package policies.dockerfile["image-tag-missing_test"]

import data.policies.dockerfile["image-tag-missing"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_name_alone if {
	path := ["stages", 0, "from", "image"]
	message := "image alpine has neither tag nor digest"
	document := example.single("alpine", [])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_registry_with_port if {
	path := ["stages", 0, "from", "image"]
	message := "image registry.example.com:5000/team/app has neither tag nor digest"
	document := example.single("registry.example.com:5000/team/app", [])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_through_argument if {
	path := ["stages", 0, "from", "image"]
	message := "image debian has neither tag nor digest"
	document := example.single("debian", [])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_builder if {
	path := ["stages", 0, "from", "image"]
	message := "image golang has neither tag nor digest"
	document := example.file([
		{"from": "golang", "as": "build", "do": []},
		{"from": "alpine:3.22", "do": []},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_copied_image if {
	path := ["stages", 0, "instructions", 0, "flags", 0]
	message := "image ghcr.io/astral-sh/uv has neither tag nor digest"
	document := example.single("alpine:3.22", [example.copy_with(["/uv"], "/bin/uv", ["from=ghcr.io/astral-sh/uv"])])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_tag if {
	document := example.single("alpine:3.22", [])
	rule.deny == set() with input as document
}

test_allow_digest if {
	document := example.single("alpine@sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b", [])
	rule.deny == set() with input as document
}

test_allow_port_and_tag if {
	document := example.single("registry.example.com:5000/team/app:4", [])
	rule.deny == set() with input as document
}

test_allow_stage if {
	document := example.file([
		{"from": "alpine:3.22", "as": "base", "do": []},
		{"from": "base", "do": [example.copy_from(0, ["/etc/hosts"], "/tmp/")]},
	])
	rule.deny == set() with input as document
}

test_allow_scratch if {
	document := example.single("scratch", [])
	rule.deny == set() with input as document
}

test_allow_unknown if {
	document := example.single("?${BASE}", [])
	rule.deny == set() with input as document
}

test_allow_tag_through_argument if {
	document := example.single("alpine:3.22", [])
	rule.deny == set() with input as document
}

test_allow_named_context if {
	document := example.single("alpine:3.22", [example.copy_with(["/index.html"], "/srv/", ["from=docs"])])
	rule.deny == set() with input as document
}
