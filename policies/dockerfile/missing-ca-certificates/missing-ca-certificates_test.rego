package policies.dockerfile["missing-ca-certificates_test"]

import data.policies.dockerfile["missing-ca-certificates"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_scratch if {
	path := ["stages", 0]
	message := "final stage from scratch copies no CA certificates"
	document := example.single("scratch", [
		example.copy_with(["/bin/busybox"], "/app", ["from=alpine:3.22"]),
		example.start("ENTRYPOINT", "/app"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_command if {
	path := ["stages", 1]
	message := "final stage from scratch copies no CA certificates"
	document := example.file([
		{"from": "alpine:3.22", "as": "build", "do": []},
		{
			"from": "scratch",
			"do": [example.copy_from(0, ["/app"], "/"), example.start("CMD", "/app")],
		},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_copied if {
	document := example.file([
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
	rule.deny == set() with input as document
}

test_allow_copied_under_another_name if {
	document := example.single("scratch", [
		example.copy(["roots.pem"], "/roots"),
		example.copy(["app"], "/"),
		example.start("CMD", "/app"),
	])
	rule.deny == set() with input as document
}

test_allow_copied_in_ancestor if {
	document := example.file([
		{"from": "scratch", "as": "base", "do": [example.copy(["ca-bundle.crt"], "/etc/ssl/certs/")]},
		{"from": "base", "do": [example.copy(["app"], "/"), example.start("CMD", "/app")]},
	])
	rule.deny == set() with input as document
}

test_allow_whole_root if {
	document := example.file([
		{"from": "alpine:3.22", "as": "build", "do": []},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/rootfs"], "/"),
				example.start("CMD", "/app"),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_archive if {
	document := example.single("scratch", [
		example.add(["rootfs.tar.xz"], "/", []),
		example.start("CMD", "/app"),
	])
	rule.deny == set() with input as document
}

test_allow_environment if {
	document := example.single("scratch", [
		example.copy(["app", "roots"], "/"),
		example.declare("ENV", [["SSL_CERT_FILE", "/roots"]]),
		example.start("CMD", "/app"),
	])
	rule.deny == set() with input as document
}

test_allow_distroless if {
	document := example.single("gcr.io/distroless/static:nonroot", [example.copy(["app"], "/"), example.start("CMD", "/app")])
	rule.deny == set() with input as document
}

test_allow_carries_files if {
	document := example.file([
		{"from": "alpine:3.22", "as": "build", "do": []},
		{"from": "scratch", "do": [example.copy_from(0, ["/out/app"], "/")]},
	])
	rule.deny == set() with input as document
}

test_allow_only_a_health_check if {
	document := example.single("scratch", [
		example.copy(["app"], "/"),
		example.start("HEALTHCHECK", "/app check"),
	])
	rule.deny == set() with input as document
}

test_deny_folder_elsewhere if {
	path := ["stages", 1]
	message := "final stage from scratch copies no CA certificates"
	document := example.file([
		{"from": "alpine:3.22", "as": "build", "do": []},
		{
			"from": "scratch",
			"do": [
				example.copy_from(0, ["/rootfs"], "/srv"),
				example.start("CMD", "/srv/app"),
			],
		},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_other_environment if {
	path := ["stages", 0]
	message := "final stage from scratch copies no CA certificates"
	document := example.single("scratch", [
		example.copy(["app"], "/"),
		example.declare("ARG", [["SSL_CERT_FILE", "/roots"]]),
		example.declare("ENV", [["APP_MODE", "fast"]]),
		example.start("CMD", "/app"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}
