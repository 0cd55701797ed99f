package policies.dockerfile["package-cache-kept_test"]

import data.policies.dockerfile["package-cache-kept"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_apt if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0],
			"message": "apt-get update leaves package lists in the image",
		},
	} with input as example.single("debian:13", [
		example.run("apt-get update && apt-get install -y ca-certificates && apt-get clean"),
	])
}

test_deny_apt_removed_later if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0],
			"message": "apt-get update leaves package lists in the image",
		},
	} with input as example.single("debian:13", [
		example.run("apt-get update && apt-get install -y ca-certificates"),
		example.run("rm -rf /var/lib/apt/lists/*"),
	])
}

test_deny_apk if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0],
			"message": "apk add leaves the package index in the image",
		},
	} with input as example.single("alpine:3.22", [example.run("apk add tzdata")])
}

test_deny_yum if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0],
			"message": "yum install leaves its cache in the image",
		},
	} with input as example.single("rockylinux:9", [example.run("yum install -y tzdata")])
}

test_deny_dnf if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 1],
			"message": "dnf install leaves its cache in the image",
		},
	} with input as example.single("fedora:43", [example.run("set -eux && dnf -y install tzdata")])
}

test_deny_microdnf if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0],
			"message": "microdnf install leaves its cache in the image",
		},
	} with input as example.single("redhat/ubi9-minimal:9.6", [example.run("microdnf install tzdata")])
}

test_deny_zypper if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0],
			"message": "zypper install leaves its cache in the image",
		},
	} with input as example.single("opensuse/leap:15.6", [example.run("zypper --non-interactive install tzdata")])
}

test_deny_pip if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 1, "commands", 0],
			"message": "pip install leaves its cache in the image",
		},
	} with input as example.single("python:3.14", [
		example.copy(["requirements.txt"], "."),
		example.run("pip3 install -r requirements.txt"),
	])
}

test_deny_pip_module if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0],
			"message": "pip install leaves its cache in the image",
		},
	} with input as example.single("python:3.14", [example.run("python3 -m pip install flask==3.1.0")])
}

test_deny_npm if {
	rule.deny == {
		{"path": ["stages", 0, "instructions", 1, "commands", 0], "message": "npm ci leaves its cache in the image"},
	} with input as example.single("node:24", [
		example.copy(["package*.json"], "."),
		example.run("npm ci --omit=dev"),
	])
}

test_deny_mount_of_another_folder if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0],
			"message": "pip install leaves its cache in the image",
		},
	} with input as example.single("python:3.14", [
		example.run_with("pip install flask==3.1.0", {}, ["mount=type=cache,target=/var/cache/apt"]),
	])
}

test_deny_removes_another_folder if {
	rule.deny == {
		{
			"path": ["stages", 0, "instructions", 0, "commands", 0],
			"message": "apt-get update leaves package lists in the image",
		},
	} with input as example.single("debian:13", [
		example.run("apt-get update && apt-get install -y tzdata && rm -rf /tmp/x"),
	])
}

test_allow_apt_lists_removed if {
	rule.deny == set() with input as example.single("debian:13", [
		example.run("apt-get update && apt-get install -y ca-certificates && rm -rf /var/lib/apt/lists/*"),
	])
}

test_allow_apt_removed_with_more if {
	rule.deny == set() with input as example.single("debian:13", [
		example.run("apt-get update && apt-get install -y tzdata && rm -rf /tmp/* /var/lib/{apt,dpkg}/"),
	])
}

test_allow_apt_mounted if {
	rule.deny == set() with input as example.single("debian:13", [
		example.run_with("apt-get update && apt-get install -y tzdata", {}, ["mount=type=cache,target=/var/cache/apt", "mount=type=cache,target=/var/lib/apt"]),
	])
}

test_allow_apt_without_update if {
	rule.deny == set() with input as example.single("debian:13", [example.run("apt-get install -y tzdata")])
}

test_allow_apk_no_cache if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.run("apk --no-cache add tzdata")])
}

test_allow_apk_removed if {
	rule.deny == set() with input as example.single("alpine:3.22", [example.run("apk add tzdata && rm -rf /var/cache/apk/*")])
}

test_allow_dnf_clean if {
	rule.deny == set() with input as example.single("fedora:43", [example.run("dnf -y install tzdata && dnf clean all")])
}

test_allow_yum_removed if {
	rule.deny == set() with input as example.single("rockylinux:9", [example.run("yum install -y tzdata && rm -rf /var/cache/yum")])
}

test_allow_zypper_clean if {
	rule.deny == set() with input as example.single("opensuse/leap:15.6", [example.run("zypper -n in tzdata && zypper cc -a")])
}

test_allow_pip_no_cache if {
	rule.deny == set() with input as example.single("python:3.14", [example.run("pip install --no-cache-dir flask==3.1.0")])
}

test_allow_pip_environment if {
	rule.deny == set() with input as example.single("python:3.14", [
		example.declare("ENV", [["PIP_NO_CACHE_DIR", "1"]]),
		example.run_with("pip install flask==3.1.0", {"PIP_NO_CACHE_DIR": "1"}, []),
	])
}

test_allow_pip_mounted if {
	rule.deny == set() with input as example.single("python:3.14", [
		example.run_with("pip install flask==3.1.0", {}, ["mount=type=cache,target=/root/.cache/pip"]),
	])
}

test_allow_npm_clean if {
	rule.deny == set() with input as example.single("node:24", [example.run("npm ci && npm cache clean --force")])
}

test_allow_npm_removed if {
	rule.deny == set() with input as example.single("node:24", [example.run("npm ci && rm -rf ~/.npm")])
}

test_allow_removed_what_is_unknown if {
	rule.deny == set() with input as example.single("debian:13", [
		example.declare("ARG", [["CACHES"]]),
		example.run_with("apt-get update && rm -rf ?$CACHES", {"CACHES": null}, []),
	])
}

test_allow_builder if {
	rule.deny == set() with input as example.file([
		{"from": "debian:13", "as": "build", "do": [example.run("apt-get update")]},
		{"from": "alpine:3.22", "do": []},
	])
}
