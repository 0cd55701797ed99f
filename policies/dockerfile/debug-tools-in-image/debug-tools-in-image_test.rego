package policies.dockerfile["debug-tools-in-image_test"]

import data.policies.dockerfile["debug-tools-in-image"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_tools if {
	path := ["stages", 0, "instructions", 0, "commands", 1, "arguments", 3]
	message := "final stage keeps tools for downloads or debugging: vim, wget"
	document := example.single("debian:13", [example.run(concat(" && ", [
		"apt-get update",
		"apt-get install -y ca-certificates vim wget",
		"rm -rf /var/lib/apt/lists/*",
	]))])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_ssh if {
	path := ["stages", 0, "instructions", 0, "commands", 0, "arguments", 2]
	message := "final stage keeps tools for downloads or debugging: openssh-client, strace"
	document := example.single("alpine:3.22", [example.run("apk add --no-cache openssh-client strace")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_used_in_builder_only if {
	path := ["stages", 1, "instructions", 0, "commands", 0, "arguments", 2]
	message := "final stage keeps tools for downloads or debugging: curl"
	document := example.file([
		{
			"from": "alpine:3.22",
			"as": "check",
			"do": [example.start("HEALTHCHECK", "curl -f http://localhost/")],
		},
		{"from": "alpine:3.22", "do": [example.run("apk add --no-cache curl")]},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_builder if {
	document := example.file([
		{
			"from": "debian:13",
			"as": "build",
			"do": [example.run("apt-get update && apt-get install -y curl")],
		},
		{"from": "alpine:3.22", "do": []},
	])
	rule.deny == set() with input as document
}

test_allow_health_check_uses_it if {
	document := example.single("alpine:3.22", [
		example.run("apk add --no-cache curl"),
		example.start("HEALTHCHECK", "curl -f http://localhost:8080/healthz && exit 1"),
	])
	rule.deny == set() with input as document
}

test_allow_command_uses_it if {
	document := example.single("alpine:3.22", [
		example.run("apk add --no-cache wget"),
		example.start("CMD", "sh -c wget -qO- https://example.com | tee /tmp/x && wget -qO- https://example.com && tee /tmp/x"),
	])
	rule.deny == set() with input as document
}

test_allow_entry_point_uses_it if {
	document := example.single("alpine:3.22", [
		example.run("apk add --no-cache netcat-openbsd"),
		example.start("ENTRYPOINT", "nc -lk 80"),
	])
	rule.deny == set() with input as document
}

test_allow_removed if {
	document := example.single("debian:13", [example.run(concat(" && ", [
		"apt-get update",
		"apt-get install -y curl",
		"curl -fsSO https://example.com/x",
		"apt-get purge -y curl",
	]))])
	rule.deny == set() with input as document
}

test_allow_virtual_group_removed if {
	document := example.single("alpine:3.22", [example.run(concat(" && ", [
		"apk add --no-cache -t .fetch curl",
		"curl -fsSO https://example.com/x",
		"apk del .fetch",
	]))])
	rule.deny == set() with input as document
}

test_allow_other_packages if {
	document := example.single("alpine:3.22", [example.run("apk add --no-cache libcurl tzdata iproute2")])
	rule.deny == set() with input as document
}
