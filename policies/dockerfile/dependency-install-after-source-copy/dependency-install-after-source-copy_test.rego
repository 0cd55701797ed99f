package policies.dockerfile["dependency-install-after-source-copy_test"]

import data.policies.dockerfile["dependency-install-after-source-copy"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_go_download if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "go mod download downloads dependencies after COPY ."
	document := example.single("golang:1.25", [
		example.workdir("/src"),
		example.copy(["."], "."),
		example.run("go mod download && go build -o /app ."),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_go_build if {
	path := ["stages", 0, "instructions", 1, "commands", 1]
	message := "go build downloads dependencies after COPY ./"
	document := example.single("golang:1.25", [
		example.copy(["./"], "/src"),
		example.run("cd /src && go build -o /app ."),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_npm_ci if {
	path := ["stages", 0, "instructions", 1, "commands", 0]
	message := "npm ci downloads dependencies after COPY ."
	document := example.single("node:24", [example.copy(["."], "."), example.run("npm ci")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_yarn if {
	path := ["stages", 0, "instructions", 1, "commands", 0]
	message := "yarn install downloads dependencies after COPY ."
	document := example.single("node:24", [example.copy(["."], "."), example.run("yarn")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_pip if {
	path := ["stages", 0, "instructions", 1, "commands", 0]
	message := "pip install downloads dependencies after COPY ."
	document := example.single("python:3.14", [
		example.copy(["."], "."),
		example.run("python -m pip install -r requirements.txt"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_source_folder if {
	path := ["stages", 0, "instructions", 2, "commands", 0]
	message := "pip install downloads dependencies after COPY src"
	document := example.single("python:3.14", [
		example.copy(["requirements.txt"], "/app/"),
		example.copy(["src"], "/app/src"),
		example.run("pip install -r /app/requirements.txt"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_inherited_copy if {
	path := ["stages", 1, "instructions", 0, "commands", 0]
	message := "npm ci downloads dependencies after COPY ."
	document := example.file([
		{"from": "node:24", "as": "source", "do": [example.copy(["."], ".")]},
		{"from": "source", "as": "build", "do": [example.run("npm ci")]},
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_other_tools if {
	path := ["stages", 0, "instructions", 1, "commands", 0]
	message := "bundle install downloads dependencies after COPY ."
	document := example.single("ruby:3.4", [example.copy(["."], "."), example.run("bundle install")])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_only_one_step_mounts if {
	path := ["stages", 0, "instructions", 1, "commands", 0]
	message := "go mod download downloads dependencies after COPY ."
	document := example.single("golang:1.25", [
		example.copy(["."], "."),
		example.run("go mod download"),
		example.run_with("go build -o /app .", {}, ["mount=type=cache,target=/root/.cache/go-build"]),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_manifests_first if {
	document := example.single("golang:1.25", [
		example.copy(["go.mod", "go.sum"], "./"),
		example.run("go mod download"),
		example.copy(["."], "."),
		example.run("go build -o /app ."),
	])
	rule.deny == set() with input as document
}

test_allow_manifests_in_ancestor if {
	document := example.file([
		{
			"from": "golang:1.25",
			"as": "deps",
			"do": [
				example.copy(["go.mod", "go.sum"], "./"),
				example.run("go mod download"),
			],
		},
		{
			"from": "deps",
			"as": "build",
			"do": [example.copy(["."], "."), example.run("go build -o /app .")],
		},
	])
	rule.deny == set() with input as document
}

test_allow_cache_mounted if {
	document := example.single("golang:1.25", [
		example.copy(["."], "."),
		example.run_with("go build -o /app .", {}, ["mount=type=cache,target=/go/pkg/mod"]),
	])
	rule.deny == set() with input as document
}

test_allow_vendor_flag if {
	document := example.single("golang:1.25", [
		example.copy(["."], "."),
		example.run("go build -mod=vendor -o /app ."),
	])
	rule.deny == set() with input as document
}

test_allow_vendor_in_goflags if {
	document := example.single("golang:1.25", [
		example.declare("ENV", [["GOFLAGS", "-mod=vendor"]]),
		example.copy(["."], "."),
		example.run_with("go build -o /app .", {"GOFLAGS": "-mod=vendor"}, []),
	])
	rule.deny == set() with input as document
}

test_allow_vendor_copied if {
	document := example.single("golang:1.25", [
		example.copy(["vendor"], "/src/vendor"),
		example.copy(["."], "."),
		example.run("go build -o /app ."),
	])
	rule.deny == set() with input as document
}

test_allow_before_modules if {
	document := example.single("golang:1.12", [
		example.declare("ENV", [["GO111MODULE", "off"]]),
		example.copy(["."], "."),
		example.run_with("go build -o /app .", {"GO111MODULE": "off"}, []),
	])
	rule.deny == set() with input as document
}

test_allow_pinned_tool if {
	document := example.single("golang:1.25", [
		example.copy(["."], "."),
		example.run("go install example.com/tool@v1.2.3"),
	])
	rule.deny == set() with input as document
}

test_allow_global_tool if {
	document := example.single("node:24", [
		example.copy(["."], "."),
		example.run("npm install -g pm2 && npm install express && npm run build"),
	])
	rule.deny == set() with input as document
}

test_allow_local_package if {
	document := example.single("python:3.14", [example.copy(["."], "."), example.run("pip install .")])
	rule.deny == set() with input as document
}

test_allow_from_another_stage if {
	document := example.file([
		{"from": "node:24", "as": "build", "do": []},
		{"from": "node:24", "do": [example.copy_from(0, ["."], "."), example.run("npm ci")]},
	])
	rule.deny == set() with input as document
}

test_allow_modules_from_another_stage if {
	document := example.file([
		{"from": "golang:1.25", "as": "deps", "do": []},
		{
			"from": "golang:1.25",
			"do": [
				example.copy_from(0, ["/go/pkg/mod"], "/go/pkg/mod"),
				example.copy(["."], "."),
				example.run("go build -o /app ."),
			],
		},
	])
	rule.deny == set() with input as document
}

test_allow_copied_later if {
	document := example.single("node:24", [
		example.copy(["package.json", "package-lock.json"], "./"),
		example.run("npm ci"),
		example.copy(["."], "."),
	])
	rule.deny == set() with input as document
}

test_allow_module_without_dependencies if {
	document := example.file_in(
		[{"from": "golang:1.25", "do": [example.copy(["."], "."), example.run("go build -o /app .")]}],
		{"known": true, "files": ["go.mod"], "private_keys": []},
	)
	rule.deny == set() with input as document
}

test_deny_module_with_dependencies if {
	path := ["stages", 0, "instructions", 1, "commands", 0]
	message := "go build downloads dependencies after COPY ."
	document := example.file_in(
		[{"from": "golang:1.25", "do": [example.copy(["."], "."), example.run("go build -o /app .")]}],
		{"known": true, "files": ["go.mod", "go.sum"], "private_keys": []},
	)
	rule.deny == {{"path": path, "message": message}} with input as document
}
