package policies.dockerfile["remote-file-unverified_test"]

import data.policies.dockerfile["remote-file-unverified"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_add if {
	path := ["stages", 0, "instructions", 0, "sources", 0]
	message := "ADD takes example.com without a checksum"
	document := example.single("alpine:3.22", [example.add(["https://example.com/tool.tar.gz"], "/tmp/", [])])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_add_version_unknown if {
	path := ["stages", 0, "instructions", 1, "sources", 0]
	message := "ADD takes example.com without a checksum"
	document := example.single("alpine:3.22", [
		example.declare("ARG", [["VERSION"]]),
		example.add(["?https://example.com/${VERSION}/tool"], "/usr/bin/tool", ["chmod=755"]),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_pipe if {
	path := ["stages", 0, "instructions", 0, "commands", 2]
	message := "bash runs what curl downloads"
	document := example.single("debian:13", [example.run_commands(
		[
			example.command(["apt-get", "update"]),
			example.command(["curl", "-fsSL", "https://example.com/install.sh"]),
			example.piped(["bash", "-s", "--", "--yes"], 1),
		],
		{}, [],
	)])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_pipe_through if {
	path := ["stages", 0, "instructions", 0, "commands", 2]
	message := "sh runs what wget downloads"
	document := example.single("debian:13", [example.run_commands(
		[
			example.command(["wget", "-qO-", "https://example.com/install.sh"]),
			example.piped(["tr", "-d", "\\r"], 0),
			example.piped(["sh"], 1),
		],
		{}, [],
	)])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_pipe_python if {
	path := ["stages", 0, "instructions", 0, "commands", 1]
	message := "python3 runs what curl downloads"
	document := example.single("debian:13", [example.run_commands(
		[
			example.command(["curl", "-sSL", "https://example.com/install.py"]),
			example.piped(["python3", "-"], 0),
		],
		{}, [],
	)])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_substitution if {
	path := ["stages", 0, "instructions", 0, "commands", 0]
	message := "sh runs what curl downloads"
	document := example.single("debian:13", [example.run_commands(
		[
			example.piped(["sh", "-c", "?$(curl -fsSL https://example.com/install.sh)"], 1),
			example.command(["curl", "-fsSL", "https://example.com/install.sh"]),
		],
		{}, [],
	)])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_process_substitution if {
	path := ["stages", 0, "instructions", 0, "commands", 1]
	message := "bash runs what curl downloads"
	document := example.single("debian:13", [example.run_commands(
		[
			example.command(["bash", "-c", "bash <(curl -s https://example.com/install.sh)"]),
			example.piped(["bash", "<(curl -s https://example.com/install.sh)"], 2),
			example.command(["curl", "-s", "https://example.com/install.sh"]),
		],
		{}, [],
	)])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_builder if {
	path := ["stages", 0, "instructions", 0, "commands", 1]
	message := "sh runs what curl downloads"
	document := example.file([
		{
			"from": "debian:13",
			"as": "build",
			"do": [example.run_commands(
				[
					example.command(["curl", "https://example.com/install.sh"]),
					example.piped(["sh"], 0),
				],
				{}, [],
			)],
		},
		{"from": "alpine:3.22", "do": []},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_checksum if {
	# regal ignore:line-length
	document := example.single("alpine:3.22", [example.add(["https://example.com/tool.tar.gz"], "/tmp/", ["checksum=sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b"])])
	rule.deny == set() with input as document
}

test_allow_verified_later if {
	document := example.single("alpine:3.22", [
		example.add(["https://example.com/tool.tar.gz"], "/tmp/", []),
		example.run_commands(
			[
				example.command(["echo", "28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b  /tmp/tool.tar.gz"]),
				example.piped(["sha256sum", "-c", "-"], 0),
			],
			{}, [],
		),
	])
	rule.deny == set() with input as document
}

test_allow_git if {
	document := example.single("alpine:3.22", [example.add(["https://github.com/moby/buildkit.git#v0.14.1"], "/buildkit", [])])
	rule.deny == set() with input as document
}

test_allow_local if {
	document := example.single("alpine:3.22", [example.add(["tool.tar.gz"], "/tmp/", [])])
	rule.deny == set() with input as document
}

test_allow_copy_of_data if {
	document := example.single("alpine:3.22", [example.run_commands(
		[
			example.command(["curl", "-fsSL", "https://example.com/data.json"]),
			example.piped(["tee", "/srv/data.json"], 0),
		],
		{}, [],
	)])
	rule.deny == set() with input as document
}

test_allow_script_of_its_own if {
	document := example.single("debian:13", [example.run_commands(
		[
			example.command(["curl", "-s", "https://example.com/data.json"]),
			example.piped(["python3", "-c", "import json, sys; json.load(sys.stdin)"], 0),
			example.command(["curl", "-s", "https://example.com"]),
			example.piped(["bash", "-c", "cat > /x"], 2),
			example.command(["cat"]),
			example.command(["curl", "-s", "https://example.com"]),
			example.piped(["sh", "./read.sh"], 5),
		],
		{}, [],
	)])
	rule.deny == set() with input as document
}

test_allow_no_download if {
	document := example.single("debian:13", [example.run_commands(
		[
			example.command(["echo", "echo hello"]),
			example.piped(["sh"], 0),
		],
		{}, [],
	)])
	rule.deny == set() with input as document
}

test_allow_copy_takes_no_url if {
	document := example.single("alpine:3.22", [example.copy(["https://example.com/tool"], "/tmp/")])
	rule.deny == set() with input as document
}
