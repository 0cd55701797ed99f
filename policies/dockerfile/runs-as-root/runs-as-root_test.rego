package policies.dockerfile["runs-as-root_test"]

import data.policies.dockerfile["runs-as-root"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_no_user if {
	path := ["stages", 0]
	message := "final stage runs as root: neither it nor its base alpine:3.22 sets another USER"
	document := example.single("alpine:3.22", [example.start("CMD", "sleep 60")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_root_by_name if {
	path := ["stages", 0, "instructions", 1, "argument"]
	message := "final stage runs as root: USER is \"root\""
	document := example.single("alpine:3.22", [example.user("app"), example.user("root")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_root_with_group if {
	path := ["stages", 0, "instructions", 0, "argument"]
	message := "final stage runs as root: USER is \"root:root\""
	document := example.single("alpine:3.22", [example.user("root:root")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_root_by_number if {
	path := ["stages", 0, "instructions", 0, "argument"]
	message := "final stage runs as root: USER is \"0:0\""
	document := example.single("alpine:3.22", [example.user("0:0")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_scratch if {
	path := ["stages", 0]
	message := "final stage runs as root: neither it nor its base scratch sets another USER"
	document := example.single("scratch", [example.copy(["app"], "/app"), example.start("CMD", "/app")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_distroless_without_nonroot if {
	path := ["stages", 0]
	message := "final stage runs as root: neither it nor its base gcr.io/distroless/static:latest sets another USER"
	document := example.single("gcr.io/distroless/static:latest", [example.copy(["app"], "/app")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_user_only_in_builder if {
	path := ["stages", 1]
	message := "final stage runs as root: neither it nor its base alpine:3.22 sets another USER"
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [example.user("10001"), example.run("go build -o /tmp/app .")],
		},
		{"from": "alpine:3.22", "do": [example.copy_from(0, ["/tmp/app"], "/app")]},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_through_argument if {
	path := ["stages", 0, "instructions", 1, "argument"]
	message := "final stage runs as root: USER is \"root\""
	document := example.single("alpine:3.22", [
		example.declare("ARG", [["APP_USER", "root"]]),
		example.user("root"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_through_environment if {
	path := ["stages", 0, "instructions", 1, "argument"]
	message := "final stage runs as root: USER is \"root\""
	document := example.single("alpine:3.22", [
		example.declare("ENV", [["APP_USER", "root"]]),
		example.user("root"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_inherited_root if {
	path := ["stages", 0, "instructions", 0, "argument"]
	message := "final stage runs as root: USER is \"root\""
	document := example.file([
		{"from": "alpine:3.22", "as": "base", "do": [example.user("root")]},
		{"from": "base", "do": [example.start("CMD", "sleep 60")]},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_own_entry_point_before_drop if {
	path := ["stages", 0]
	message := "final stage runs as root: neither it nor its base redis:8.2 sets another USER"
	document := example.single("redis:8.2", [example.start("ENTRYPOINT", "redis-server")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_user_only_on_build if {
	path := ["stages", 0]
	message := "final stage runs as root: neither it nor its base alpine:3.22 sets another USER"
	document := example.single("alpine:3.22", [example.onbuild(example.user("10001"))])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_root_in_builder if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [example.user("root"), example.run("go build -o /app .")],
		},
		{"from": "alpine:3.22", "do": [example.user("10001")]},
	])
	rule.deny == set() with input as document
}

test_allow_inherited_user if {
	document := example.file([
		{"from": "alpine:3.22", "as": "base", "do": [example.user("10001")]},
		{"from": "base", "do": [example.start("CMD", "sleep 60")]},
	])
	rule.deny == set() with input as document
}

test_allow_base_nonroot_by_tag if {
	document := example.single("gcr.io/distroless/static-debian12:nonroot", [])
	rule.deny == set() with input as document
}

test_allow_base_chainguard if {
	document := example.single("cgr.dev/chainguard/static:latest", [])
	rule.deny == set() with input as document
}

test_allow_base_unprivileged if {
	document := example.single("nginxinc/nginx-unprivileged:1.29", [])
	rule.deny == set() with input as document
}

test_allow_base_drops_root if {
	document := example.single("redis:8.2", [example.copy(["redis.conf"], "/etc/redis.conf")])
	rule.deny == set() with input as document
}

test_allow_windows if {
	document := example.single("mcr.microsoft.com/windows/nanoserver:ltsc2025", [])
	rule.deny == set() with input as document
}

test_allow_windows_by_platform if {
	document := example.file([{"from": "alpine:3.22", "platform": "windows/amd64", "do": [example.user("root")]}])
	rule.deny == set() with input as document
}

test_allow_user_unknown if {
	document := example.single("alpine:3.22", [
		example.declare("ARG", [["APP_USER"]]),
		example.user("?${APP_USER}"),
	])
	rule.deny == set() with input as document
}

test_allow_base_unknown if {
	document := example.single("?${BASE}", [])
	rule.deny == set() with input as document
}

test_allow_nonroot_with_entry_point if {
	document := example.single("gcr.io/distroless/static:nonroot", [example.start("ENTRYPOINT", "/app")])
	rule.deny == set() with input as document
}

test_allow_base_drops_root_with_command if {
	document := example.single("redis:8.2", [example.start("CMD", "redis-server")])
	rule.deny == set() with input as document
}
