package policies.dockerfile["runs-as-root_test"]

import data.policies.dockerfile["runs-as-root"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_no_user if {
	rule.deny == {
		{
			"path": ["stages", 0],
			"message": "final stage runs as root: neither it nor its base alpine:3.22 sets another USER",
		},
	} with input as example.single("alpine:3.22", [example.start("CMD", "sleep 60")])
}

test_deny_root_by_name if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 1, "argument"], "message": "final stage runs as root: USER is \"root\""},
	} with input as example.single("alpine:3.22", [example.user("app"), example.user("root")])
}

test_deny_root_with_group if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "argument"],
			"message": "final stage runs as root: USER is \"root:root\"",
		},
	} with input as example.single("alpine:3.22", [example.user("root:root")])
}

test_deny_root_by_number if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 0, "argument"], "message": "final stage runs as root: USER is \"0:0\""},
	} with input as example.single("alpine:3.22", [example.user("0:0")])
}

test_deny_scratch if {
	rule.deny == {
		{
			"path": ["stages", 0],
			"message": "final stage runs as root: neither it nor its base scratch sets another USER",
		},
	} with input as example.single("scratch", [example.copy(["app"], "/app"), example.start("CMD", "/app")])
}

test_deny_distroless_without_nonroot if {
	rule.deny == {
		{
			"path": ["stages", 0],
			"message": "final stage runs as root: neither it nor its base gcr.io/distroless/static:latest sets another USER",
		},
	} with input as example.single("gcr.io/distroless/static:latest", [example.copy(["app"], "/app")])
}

test_deny_user_only_in_builder if {
	rule.deny == {
		{
			"path": ["stages", 1],
			"message": "final stage runs as root: neither it nor its base alpine:3.22 sets another USER",
		},
	} with input as example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [example.user("10001"), example.run("go build -o /tmp/app .")],
		},
		{"from": "alpine:3.22", "do": [example.copy_from(0, ["/tmp/app"], "/app")]},
	])
}

test_deny_through_argument if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 1, "argument"], "message": "final stage runs as root: USER is \"root\""},
	} with input as example.single("alpine:3.22", [
		example.declare("ARG", [["APP_USER", "root"]]),
		example.user("root"),
	])
}

test_deny_through_environment if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 1, "argument"], "message": "final stage runs as root: USER is \"root\""},
	} with input as example.single("alpine:3.22", [
		example.declare("ENV", [["APP_USER", "root"]]),
		example.user("root"),
	])
}

test_deny_inherited_root if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 0, "argument"], "message": "final stage runs as root: USER is \"root\""},
	} with input as example.file([
		{"from": "alpine:3.22", "as": "base", "do": [example.user("root")]},
		{"from": "base", "do": [example.start("CMD", "sleep 60")]},
	])
}

test_deny_own_entry_point_before_drop if {
	rule.deny == {
		{
			"path": ["stages", 0],
			"message": "final stage runs as root: neither it nor its base redis:8.2 sets another USER",
		},
	} with input as example.single("redis:8.2", [example.start("ENTRYPOINT", "redis-server")])
}

test_deny_user_only_on_build if {
	rule.deny == {
		{
			"path": ["stages", 0],
			"message": "final stage runs as root: neither it nor its base alpine:3.22 sets another USER",
		},
	} with input as example.single("alpine:3.22", [example.onbuild(example.user("10001"))])
}

test_allow_root_in_builder if {
	rule.deny == set() with input as example.file([
		{
			"from": "golang:1.25",
			"as": "build",
			"do": [example.user("root"), example.run("go build -o /app .")],
		},
		{"from": "alpine:3.22", "do": [example.user("10001")]},
	])
}

test_allow_inherited_user if {
	rule.deny == set() with input as example.file([
		{"from": "alpine:3.22", "as": "base", "do": [example.user("10001")]},
		{"from": "base", "do": [example.start("CMD", "sleep 60")]},
	])
}

test_allow_base_nonroot_by_tag if {
	rule.deny == set() with input as example.single("gcr.io/distroless/static-debian12:nonroot", [])
}

test_allow_base_chainguard if {
	rule.deny == set() with input as example.single("cgr.dev/chainguard/static:latest", [])
}

test_allow_base_unprivileged if {
	rule.deny == set() with input as example.single("nginxinc/nginx-unprivileged:1.29", [])
}

test_allow_base_drops_root if {
	rule.deny == set() with input as example.single("redis:8.2", [example.copy(["redis.conf"], "/etc/redis.conf")])
}

test_allow_windows if {
	rule.deny == set() with input as example.single("mcr.microsoft.com/windows/nanoserver:ltsc2025", [])
}

test_allow_windows_by_platform if {
	rule.deny == set() with input as example.file([
		{"from": "alpine:3.22", "platform": "windows/amd64", "do": [example.user("root")]},
	])
}

test_allow_user_unknown if {
	rule.deny == set() with input as example.single("alpine:3.22", [
		example.declare("ARG", [["APP_USER"]]),
		example.user("?${APP_USER}"),
	])
}

test_allow_base_unknown if {
	rule.deny == set() with input as example.single("?${BASE}", [])
}

test_allow_nonroot_with_entry_point if {
	rule.deny == set() with input as example.single("gcr.io/distroless/static:nonroot", [example.start("ENTRYPOINT", "/app")])
}

test_allow_base_drops_root_with_command if {
	rule.deny == set() with input as example.single("redis:8.2", [example.start("CMD", "redis-server")])
}
