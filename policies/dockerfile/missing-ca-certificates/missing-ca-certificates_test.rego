package policies.dockerfile["missing-ca-certificates_test"]

import data.policies.dockerfile["missing-ca-certificates"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_scratch if {
	rule.deny == {
		{"path": ["stages", 0], "message": "final stage from scratch copies no CA certificates"},
	} with input as example.single("scratch", [
		example.copy_with(["/bin/busybox"], "/app", ["from=alpine:3.22"]),
		example.start("ENTRYPOINT", "/app"),
	])
}

test_deny_command if {
	rule.deny == {
		{"path": ["stages", 1], "message": "final stage from scratch copies no CA certificates"},
	} with input as example.file([
		{"from": "alpine:3.22", "as": "build", "do": []},
		{
			"from": "scratch",
			"do": [example.copy_from(0, ["/app"], "/"), example.start("CMD", "/app")],
		},
	])
}

test_allow_copied if {
	rule.deny == set() with input as example.file([
		{"from": "alpine:3.22", "as": "build", "do": []},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/etc/ssl/certs/ca-certificates.crt"], "/etc/ssl/certs/"),
				example.copy_from(0, ["/app"], "/"),
				example.start("CMD", "/app"),
			],
		},
	])
}

test_allow_copied_under_another_name if {
	rule.deny == set() with input as example.single("scratch", [
		example.copy(["roots.pem"], "/roots"),
		example.copy(["app"], "/"),
		example.start("CMD", "/app"),
	])
}

test_allow_copied_in_ancestor if {
	rule.deny == set() with input as example.file([
		{"from": "scratch", "as": "base", "do": [example.copy(["ca-bundle.crt"], "/etc/ssl/certs/")]},
		{"from": "base", "do": [example.copy(["app"], "/"), example.start("CMD", "/app")]},
	])
}

test_allow_whole_root if {
	rule.deny == set() with input as example.file([
		{"from": "alpine:3.22", "as": "build", "do": []},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/rootfs"], "/"),
				example.start("CMD", "/app"),
			],
		},
	])
}

test_allow_archive if {
	rule.deny == set() with input as example.single("scratch", [
		example.add(["rootfs.tar.xz"], "/", []),
		example.start("CMD", "/app"),
	])
}

test_allow_environment if {
	rule.deny == set() with input as example.single("scratch", [
		example.copy(["app", "roots"], "/"),
		example.declare("ENV", [["SSL_CERT_FILE", "/roots"]]),
		example.start("CMD", "/app"),
	])
}

test_allow_distroless if {
	rule.deny == set() with input as example.single("gcr.io/distroless/static:nonroot", [example.copy(["app"], "/"), example.start("CMD", "/app")])
}

test_allow_carries_files if {
	rule.deny == set() with input as example.file([
		{"from": "alpine:3.22", "as": "build", "do": []},
		{"from": "scratch", "do": [example.copy_from(0, ["/out/app"], "/")]},
	])
}

test_allow_only_a_health_check if {
	rule.deny == set() with input as example.single("scratch", [
		example.copy(["app"], "/"),
		example.start("HEALTHCHECK", "/app check"),
	])
}

test_deny_folder_elsewhere if {
	rule.deny == {
		{"path": ["stages", 1], "message": "final stage from scratch copies no CA certificates"},
	} with input as example.file([
		{"from": "alpine:3.22", "as": "build", "do": []},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/rootfs"], "/srv"),
				example.start("CMD", "/srv/app"),
			],
		},
	])
}

test_deny_other_environment if {
	rule.deny == {
		{"path": ["stages", 0], "message": "final stage from scratch copies no CA certificates"},
	} with input as example.single("scratch", [
		example.copy(["app"], "/"),
		example.declare("ARG", [["SSL_CERT_FILE", "/roots"]]),
		example.declare("ENV", [["APP_MODE", "fast"]]),
		example.start("CMD", "/app"),
	])
}
