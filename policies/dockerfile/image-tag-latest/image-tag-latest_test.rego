package policies.dockerfile["image-tag-latest_test"]

import data.policies.dockerfile["image-tag-latest"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_latest if {
	path := ["stages", 0, "from", "image"]
	message := "image alpine:latest follows the tag latest"
	document := example.single("alpine:latest", [])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_through_argument if {
	path := ["stages", 0, "from", "image"]
	message := "image alpine:latest follows the tag latest"
	document := example.single("alpine:latest", [])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_copied_image if {
	path := ["stages", 0, "instructions", 0, "flags", 0]
	message := "image ghcr.io/astral-sh/uv:latest follows the tag latest"
	document := example.single("alpine:3.22", [example.copy_with(["/uv"], "/bin/uv", ["from=ghcr.io/astral-sh/uv:latest"])])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_version if {
	document := example.single("alpine:3.22", [])
	rule.deny == set() with input as document
}

test_allow_digest_decides if {
	document := example.single("alpine:latest@sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b", [])
	rule.deny == set() with input as document
}

test_allow_no_tag if {
	document := example.single("alpine", [])
	rule.deny == set() with input as document
}

test_allow_latest_of_a_variant if {
	document := example.single("gcr.io/distroless/static:latest-amd64", [])
	rule.deny == set() with input as document
}

test_allow_unknown if {
	document := example.single("?alpine:${TAG}", [])
	rule.deny == set() with input as document
}
