package policies.dockerfile["package-cache-kept_test"]

import data.policies.dockerfile["package-cache-kept"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_apt if {
	path := ["stages", 0, "instructions", 0, "commands", 0]
	message := "apt-get update leaves package lists in the image"
	document := example.single("debian:13", [example.run("apt-get update && apt-get install -y ca-certificates && apt-get clean")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_apt_removed_later if {
	path := ["stages", 0, "instructions", 0, "commands", 0]
	message := "apt-get update leaves package lists in the image"
	document := example.single("debian:13", [
		example.run("apt-get update && apt-get install -y ca-certificates"),
		example.run("rm -rf /var/lib/apt/lists/*"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_apk if {
	path := ["stages", 0, "instructions", 0, "commands", 0]
	message := "apk add leaves the package index in the image"
	document := example.single("alpine:3.22", [example.run("apk add tzdata")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_yum if {
	path := ["stages", 0, "instructions", 0, "commands", 0]
	message := "yum install leaves its cache in the image"
	document := example.single("rockylinux:9", [example.run("yum install -y tzdata")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_dnf if {
	path := ["stages", 0, "instructions", 0, "commands", 1]
	message := "dnf install leaves its cache in the image"
	document := example.single("fedora:43", [example.run("set -eux && dnf -y install tzdata")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_microdnf if {
	path := ["stages", 0, "instructions", 0, "commands", 0]
	message := "microdnf install leaves its cache in the image"
	document := example.single("redhat/ubi9-minimal:9.6", [example.run("microdnf install tzdata")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_zypper if {
	path := ["stages", 0, "instructions", 0, "commands", 0]
	message := "zypper install leaves its cache in the image"
	document := example.single("opensuse/leap:15.6", [example.run("zypper --non-interactive install tzdata")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_pip if {
	path := ["stages", 0, "instructions", 1, "commands", 0]
	message := "pip install leaves its cache in the image"
	document := example.single("python:3.14", [
		example.copy(["requirements.txt"], "."),
		example.run("pip3 install -r requirements.txt"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_pip_module if {
	path := ["stages", 0, "instructions", 0, "commands", 0]
	message := "pip install leaves its cache in the image"
	document := example.single("python:3.14", [example.run("python3 -m pip install flask==3.1.0")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_npm if {
	path := ["stages", 0, "instructions", 1, "commands", 0]
	message := "npm ci leaves its cache in the image"
	document := example.single("node:24", [
		example.copy(["package*.json"], "."),
		example.run("npm ci --omit=dev"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_mount_of_another_folder if {
	path := ["stages", 0, "instructions", 0, "commands", 0]
	message := "pip install leaves its cache in the image"
	document := example.single("python:3.14", [example.run_with("pip install flask==3.1.0", {}, ["mount=type=cache,target=/var/cache/apt"])])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_removes_another_folder if {
	path := ["stages", 0, "instructions", 0, "commands", 0]
	message := "apt-get update leaves package lists in the image"
	document := example.single("debian:13", [example.run("apt-get update && apt-get install -y tzdata && rm -rf /tmp/x")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_apt_lists_removed if {
	document := example.single("debian:13", [example.run(concat(" && ", [
		"apt-get update",
		"apt-get install -y ca-certificates",
		"rm -rf /var/lib/apt/lists/*",
	]))])
	rule.deny == set() with input as document
}

test_allow_apt_removed_with_more if {
	document := example.single("debian:13", [example.run(concat(" && ", [
		"apt-get update",
		"apt-get install -y tzdata",
		"rm -rf /tmp/* /var/lib/{apt,dpkg}/",
	]))])
	rule.deny == set() with input as document
}

test_allow_apt_mounted if {
	# regal ignore:line-length
	document := example.single("debian:13", [example.run_with("apt-get update && apt-get install -y tzdata", {}, ["mount=type=cache,target=/var/cache/apt", "mount=type=cache,target=/var/lib/apt"])])
	rule.deny == set() with input as document
}

test_allow_apt_without_update if {
	document := example.single("debian:13", [example.run("apt-get install -y tzdata")])
	rule.deny == set() with input as document
}

test_allow_apk_no_cache if {
	document := example.single("alpine:3.22", [example.run("apk --no-cache add tzdata")])
	rule.deny == set() with input as document
}

test_allow_apk_removed if {
	document := example.single("alpine:3.22", [example.run("apk add tzdata && rm -rf /var/cache/apk/*")])
	rule.deny == set() with input as document
}

test_allow_dnf_clean if {
	document := example.single("fedora:43", [example.run("dnf -y install tzdata && dnf clean all")])
	rule.deny == set() with input as document
}

test_allow_yum_removed if {
	document := example.single("rockylinux:9", [example.run("yum install -y tzdata && rm -rf /var/cache/yum")])
	rule.deny == set() with input as document
}

test_allow_zypper_clean if {
	document := example.single("opensuse/leap:15.6", [example.run("zypper -n in tzdata && zypper cc -a")])
	rule.deny == set() with input as document
}

test_allow_pip_no_cache if {
	document := example.single("python:3.14", [example.run("pip install --no-cache-dir flask==3.1.0")])
	rule.deny == set() with input as document
}

test_allow_pip_environment if {
	document := example.single("python:3.14", [
		example.declare("ENV", [["PIP_NO_CACHE_DIR", "1"]]),
		example.run_with("pip install flask==3.1.0", {"PIP_NO_CACHE_DIR": "1"}, []),
	])
	rule.deny == set() with input as document
}

test_allow_pip_mounted if {
	document := example.single("python:3.14", [example.run_with("pip install flask==3.1.0", {}, ["mount=type=cache,target=/root/.cache/pip"])])
	rule.deny == set() with input as document
}

test_allow_npm_clean if {
	document := example.single("node:24", [example.run("npm ci && npm cache clean --force")])
	rule.deny == set() with input as document
}

test_allow_npm_removed if {
	document := example.single("node:24", [example.run("npm ci && rm -rf ~/.npm")])
	rule.deny == set() with input as document
}

test_allow_removed_what_is_unknown if {
	document := example.single("debian:13", [
		example.declare("ARG", [["CACHES"]]),
		example.run_with("apt-get update && rm -rf ?$CACHES", {"CACHES": null}, []),
	])
	rule.deny == set() with input as document
}

test_allow_builder if {
	document := example.file([
		{"from": "debian:13", "as": "build", "do": [example.run("apt-get update")]},
		{"from": "alpine:3.22", "do": []},
	])
	rule.deny == set() with input as document
}
