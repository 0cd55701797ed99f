package policies.dockerfile["build-tools-in-final-stage_test"]

import data.policies.dockerfile["build-tools-in-final-stage"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_toolchain_image if {
	rule.deny == {
		{"path": ["stages", 0, "from", "image"], "message": "final stage is built on the toolchain image golang:1.25"},
	} with input as example.single("golang:1.25", [
		example.copy(["."], "."),
		example.run("go build -o /app . && apt-get install -y gcc"),
	])
}

test_deny_descends_from_toolchain if {
	rule.deny == {
		{"path": ["stages", 0, "from", "image"], "message": "final stage is built on the toolchain image rust:1.90"},
	} with input as example.file([
		{"from": "rust:1.90", "as": "build", "do": [example.run("cargo build --release")]},
		{"from": "build", "do": [example.user("10001")]},
	])
}

test_deny_dotnet_sdk if {
	rule.deny == {
		{
			"path": ["stages", 0, "from", "image"],
			"message": "final stage is built on the toolchain image mcr.microsoft.com/dotnet/sdk:10.0",
		},
	} with input as example.single("mcr.microsoft.com/dotnet/sdk:10.0", [example.run("dotnet publish")])
}

test_deny_node_builds if {
	rule.deny == {
		{
			"path": ["stages", 0, "from", "image"],
			"message": "final stage is built on the toolchain image node:24-alpine",
		},
	} with input as example.single("node:24-alpine", [example.copy(["."], "."), example.run("npm ci && npm run build")])
}

test_deny_jdk if {
	rule.deny == {
		{
			"path": ["stages", 0, "from", "image"],
			"message": "final stage is built on the toolchain image eclipse-temurin:21-jdk",
		},
	} with input as example.single("eclipse-temurin:21-jdk", [example.copy(["app.jar"], "/")])
}

test_deny_installs_compiler if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 1, "arguments", 4],
			"message": "final stage keeps build tools: gcc, make",
		},
	} with input as example.single("debian:13-slim", [
		example.run("apt-get update && apt-get install -y --no-install-recommends ca-certificates gcc=4:14.2.0-1 make && rm -rf /var/lib/apt/lists/*"),
	])
}

test_deny_virtual_group_stays if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0, "arguments", 4],
			"message": "final stage keeps build tools: git, make",
		},
	} with input as example.single("alpine:3.22", [
		example.run("apk add --no-cache --virtual .build git make && make install"),
	])
}

test_deny_removes_another if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0, "arguments", 2],
			"message": "final stage keeps build tools: gcc",
		},
	} with input as example.single("alpine:3.22", [example.run("apk add --no-cache gcc git && apk del git")])
}

test_deny_group if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0, "arguments", 2],
			"message": "final stage keeps build tools: @development-tools",
		},
	} with input as example.single("fedora:43", [example.run("dnf install -y @development-tools && dnf clean all")])
}

test_deny_inherited if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0, "arguments", 2],
			"message": "final stage keeps build tools: git",
		},
	} with input as example.file([
		{"from": "alpine:3.22", "as": "base", "do": [example.run("apk add --no-cache git")]},
		{"from": "base", "do": [example.user("10001")]},
	])
}

test_allow_toolchain_in_builder if {
	rule.deny == set() with input as example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [example.run("apt-get update && apt-get install -y gcc")],
		},
		{"from": "alpine:3.22", "do": [example.copy_from(0, ["/app"], "/app")]},
	])
}

test_allow_node_runs if {
	rule.deny == set() with input as example.single("node:24-alpine", [example.copy(["server.js"], "."), example.run("npm ci --omit=dev")])
}

test_allow_jre if {
	rule.deny == set() with input as example.single("eclipse-temurin:21-jre", [example.copy(["app.jar"], "/")])
}

test_allow_removed_group if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.run("apk add --no-cache --virtual .build-deps gcc musl-dev && make && apk del .build-deps"),
	])
}

test_allow_removed_by_name if {
	rule.deny == set() with input as example.single("debian:13", [
		example.run("apt-get update && apt-get install -y gcc && make && apt-get purge -y --auto-remove gcc"),
	])
}

test_allow_removed_through_variable if {
	rule.deny == set() with input as example.single("debian:13", [
		example.run_commands(
			[
				example.setting("buildDeps", "gcc make"),
				example.command(["apt-get", "update"]),
				example.command(["apt-get", "install", "-y", "gcc make"]),
				example.command(["make"]),
				example.command(["apt-get", "purge", "-y", "gcc make"]),
			],
			{}, [],
		),
	])
}

test_allow_removed_what_is_unknown if {
	rule.deny == set() with input as example.single("debian:13", [
		example.declare("ARG", [["TOOLS"]]),
		example.run_with("apt-get update && apt-get install -y gcc ?${TOOLS} && apt-get purge -y ?${TOOLS}", {"TOOLS": null}, []),
	])
}

test_allow_removed_as_automatic if {
	rule.deny == set() with input as example.single("debian:13", [
		example.run("apt-get update && apt-get install -y gcc && make && apt-mark auto .* && apt-get purge -y --auto-remove"),
	])
}

test_allow_removed_later if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.run("apk add --no-cache gcc"), example.run("apk del gcc")])
}

test_allow_tool_is_the_purpose if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.run("apk add --no-cache git"),
		example.start("ENTRYPOINT", "git"),
	])
}

test_allow_other_packages if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.run("apk add --no-cache ca-certificates git-doc libgcc")])
}

test_allow_builds_javascript_elsewhere if {
	rule.deny == set() with input as example.single("debian:13", [example.run("npm run build")])
}
