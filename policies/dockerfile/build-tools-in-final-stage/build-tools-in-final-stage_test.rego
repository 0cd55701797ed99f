package policies.dockerfile["build-tools-in-final-stage_test"]

import data.policies.dockerfile["build-tools-in-final-stage"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_toolchain_image if {
	path := ["stages", 0, "from", "image"]
	message := "final stage is built on the toolchain image golang:1.25"
	document := example.single("golang:1.25", [
		example.copy(["."], "."),
		example.run("go build -o /app . && apt-get install -y gcc"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_descends_from_toolchain if {
	path := ["stages", 0, "from", "image"]
	message := "final stage is built on the toolchain image rust:1.90"
	document := example.file([
		{"from": "rust:1.90", "as": "build", "do": [example.run("cargo build --release")]},
		{"from": "build", "do": [example.user("10001")]},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_dotnet_sdk if {
	path := ["stages", 0, "from", "image"]
	message := "final stage is built on the toolchain image mcr.microsoft.com/dotnet/sdk:10.0"
	document := example.single("mcr.microsoft.com/dotnet/sdk:10.0", [example.run("dotnet publish")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_node_builds if {
	path := ["stages", 0, "from", "image"]
	message := "final stage is built on the toolchain image node:24-alpine"
	document := example.single("node:24-alpine", [example.copy(["."], "."), example.run("npm ci && npm run build")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_jdk if {
	path := ["stages", 0, "from", "image"]
	message := "final stage is built on the toolchain image eclipse-temurin:21-jdk"
	document := example.single("eclipse-temurin:21-jdk", [example.copy(["app.jar"], "/")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_installs_compiler if {
	path := ["stages", 0, "instructions", 0, "commands", 1, "arguments", 4]
	message := "final stage keeps build tools: gcc, make"
	document := example.single("debian:13-slim", [example.run(concat(" && ", [
		"apt-get update",
		"apt-get install -y --no-install-recommends ca-certificates gcc=4:14.2.0-1 make",
		"rm -rf /var/lib/apt/lists/*",
	]))])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_virtual_group_stays if {
	path := ["stages", 0, "instructions", 0, "commands", 0, "arguments", 4]
	message := "final stage keeps build tools: git, make"
	document := example.single("alpine:3.22", [example.run("apk add --no-cache --virtual .build git make && make install")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_removes_another if {
	path := ["stages", 0, "instructions", 0, "commands", 0, "arguments", 2]
	message := "final stage keeps build tools: gcc"
	document := example.single("alpine:3.22", [example.run("apk add --no-cache gcc git && apk del git")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_group if {
	path := ["stages", 0, "instructions", 0, "commands", 0, "arguments", 2]
	message := "final stage keeps build tools: @development-tools"
	document := example.single("fedora:43", [example.run("dnf install -y @development-tools && dnf clean all")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_inherited if {
	path := ["stages", 0, "instructions", 0, "commands", 0, "arguments", 2]
	message := "final stage keeps build tools: git"
	document := example.file([
		{"from": "alpine:3.22", "as": "base", "do": [example.run("apk add --no-cache git")]},
		{"from": "base", "do": [example.user("10001")]},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_toolchain_in_builder if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [example.run("apt-get update && apt-get install -y gcc")],
		},
		{"from": "alpine:3.22", "do": [example.copy_from(0, ["/app"], "/app")]},
	])
	rule.deny == set() with input as document
}

test_allow_node_runs if {
	document := example.single("node:24-alpine", [example.copy(["server.js"], "."), example.run("npm ci --omit=dev")])
	rule.deny == set() with input as document
}

test_allow_jre if {
	document := example.single("eclipse-temurin:21-jre", [example.copy(["app.jar"], "/")])
	rule.deny == set() with input as document
}

test_allow_removed_group if {
	document := example.single("alpine:3.22", [example.run(concat(" && ", [
		"apk add --no-cache --virtual .build-deps gcc musl-dev",
		"make",
		"apk del .build-deps",
	]))])
	rule.deny == set() with input as document
}

test_allow_removed_by_name if {
	document := example.single("debian:13", [example.run(concat(" && ", [
		"apt-get update",
		"apt-get install -y gcc",
		"make",
		"apt-get purge -y --auto-remove gcc",
	]))])
	rule.deny == set() with input as document
}

test_allow_removed_through_variable if {
	document := example.single("debian:13", [example.run_commands(
		[
			example.setting("buildDeps", "gcc make"),
			example.command(["apt-get", "update"]),
			example.command(["apt-get", "install", "-y", "gcc make"]),
			example.command(["make"]),
			example.command(["apt-get", "purge", "-y", "gcc make"]),
		],
		{}, [],
	)])
	rule.deny == set() with input as document
}

test_allow_removed_what_is_unknown if {
	document := example.single("debian:13", [
		example.declare("ARG", [["TOOLS"]]),
		example.run_with(
			concat(" && ", [
				"apt-get update",
				"apt-get install -y gcc ?${TOOLS}",
				"apt-get purge -y ?${TOOLS}",
			]),
			{"TOOLS": null}, [],
		),
	])
	rule.deny == set() with input as document
}

test_allow_removed_as_automatic if {
	document := example.single("debian:13", [example.run(concat(" && ", [
		"apt-get update",
		"apt-get install -y gcc",
		"make",
		"apt-mark auto .*",
		"apt-get purge -y --auto-remove",
	]))])
	rule.deny == set() with input as document
}

test_allow_removed_later if {
	document := example.single("alpine:3.22", [example.run("apk add --no-cache gcc"), example.run("apk del gcc")])
	rule.deny == set() with input as document
}

test_allow_tool_is_the_purpose if {
	document := example.single("alpine:3.22", [
		example.run("apk add --no-cache git"),
		example.start("ENTRYPOINT", "git"),
	])
	rule.deny == set() with input as document
}

test_allow_other_packages if {
	document := example.single("alpine:3.22", [example.run("apk add --no-cache ca-certificates git-doc libgcc")])
	rule.deny == set() with input as document
}

test_allow_builds_javascript_elsewhere if {
	document := example.single("debian:13", [example.run("npm run build")])
	rule.deny == set() with input as document
}
