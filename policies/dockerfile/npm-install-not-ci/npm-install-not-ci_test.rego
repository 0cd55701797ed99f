package policies.dockerfile["npm-install-not-ci_test"]

import data.policies.dockerfile["npm-install-not-ci"] as rule
import data.policies.lib.dockerfile_example as example

test_deny_lock_copied if {
	path := ["stages", 0, "instructions", 1, "commands", 0, "arguments", 0]
	message := "npm install is used although there is a lock file"
	document := example.single("node:24", [
		example.copy(["package.json", "package-lock.json"], "./"),
		example.run("npm install --omit=dev"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_pattern_without_a_tree if {
	path := ["stages", 0, "instructions", 1, "commands", 0, "arguments", 2]
	message := "npm install is used although there is a lock file"
	document := example.single("node:24", [
		example.copy(["package*.json"], "./"),
		example.run("npm --prefix . i"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_shrinkwrap if {
	path := ["stages", 0, "instructions", 1, "commands", 0, "arguments", 0]
	message := "npm install is used although there is a lock file"
	document := example.single("node:24", [
		example.copy(["web/package.json", "web/npm-shrinkwrap.json"], "./"),
		example.run("npm install"),
	])
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_ci if {
	document := example.single("node:24", [example.copy(["package*.json"], "./"), example.run("npm ci")])
	rule.deny == set() with input as document
}

test_allow_no_lock if {
	document := example.single("node:24", [example.copy(["package.json"], "./"), example.run("npm install")])
	rule.deny == set() with input as document
}

test_allow_global if {
	document := example.single("node:24", [
		example.copy(["package*.json"], "./"),
		example.run("npm install -g"),
	])
	rule.deny == set() with input as document
}

test_allow_package if {
	document := example.single("node:24", [
		example.copy(["package*.json"], "./"),
		example.run("npm install express@5.1.0"),
	])
	rule.deny == set() with input as document
}

test_allow_package_unknown if {
	document := example.single("node:24", [
		example.declare("ARG", [["PACKAGE"]]),
		example.copy(["package*.json"], "./"),
		example.run_with("npm install ?$PACKAGE", {"PACKAGE": null}, []),
	])
	rule.deny == set() with input as document
}

test_allow_lock_copied_later if {
	document := example.single("node:24", [
		example.copy(["package.json"], "./"),
		example.run("npm install"),
		example.copy(["package-lock.json"], "./"),
	])
	rule.deny == set() with input as document
}

test_allow_yarn if {
	document := example.single("node:24", [example.copy(["package*.json"], "./"), example.run("yarn install")])
	rule.deny == set() with input as document
}

test_allow_pattern_without_lock if {
	document := example.file_in(
		[{
			"from": "node:24",
			"do": [example.copy(["package*.json"], "./"), example.run("npm install")],
		}],
		{"known": true, "files": ["package.json"], "private_keys": []},
	)
	rule.deny == set() with input as document
}

test_allow_pattern_of_a_folder_without_lock if {
	document := example.file_in(
		[{
			"from": "node:24",
			"do": [
				example.copy(["code/package*.json"], "./"),
				example.run("npm install"),
			],
		}],
		{"known": true, "files": ["code/package.json"], "private_keys": []},
	)
	rule.deny == set() with input as document
}

test_deny_named_folder_with_lock if {
	path := ["stages", 0, "instructions", 1, "commands", 0, "arguments", 0]
	message := "npm install is used although there is a lock file"
	document := example.file_in(
		[{"from": "node:24", "do": [example.copy(["./web/"], "."), example.run("npm install")]}],
		{"known": true, "files": ["web/package-lock.json", "web/package.json"], "private_keys": []},
	)
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_deny_folder_with_lock if {
	path := ["stages", 0, "instructions", 1, "commands", 0, "arguments", 0]
	message := "npm install is used although there is a lock file"
	document := example.file_in(
		[{"from": "node:24", "do": [example.copy(["."], "."), example.run("npm install")]}],
		{"known": true, "files": ["package-lock.json", "package.json"], "private_keys": []},
	)
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_lock_not_copied if {
	document := example.file_in(
		[{
			"from": "node:24",
			"do": [
				example.copy(["server.js", "package.json"], "./"),
				example.run("npm install"),
			],
		}],
		{"known": true, "files": ["package-lock.json", "package.json"], "private_keys": []},
	)
	rule.deny == set() with input as document
}

test_deny_pattern_with_lock if {
	path := ["stages", 0, "instructions", 1, "commands", 0, "arguments", 0]
	message := "npm install is used although there is a lock file"
	document := example.file_in(
		[{"from": "node:24", "do": [example.copy(["package*.json"], "./"), example.run("npm install")]}],
		{"known": true, "files": ["package-lock.json", "package.json"], "private_keys": []},
	)
	rule.deny == {{"path": path, "message": message}} with input as document
}

test_allow_pattern_in_a_tree_without_sources if {
	document := example.file_in(
		[{
			"from": "node:24",
			"do": [example.copy(["package*.json"], "./"), example.run("npm install")],
		}],
		{"known": true, "files": [], "private_keys": []},
	)
	rule.deny == set() with input as document
}
