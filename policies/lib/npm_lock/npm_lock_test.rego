package policies.lib.npm_lock_test

import data.policies.lib.dockerfile
import data.policies.lib.dockerfile_example as example
import data.policies.lib.npm_lock

_document(source, context) := example.file_in(
	[{"from": "node:24", "do": [example.copy([source], "./"), example.run("npm install")]}],
	context,
)

_tree(files) := {"known": true, "files": files, "private_keys": []}

_locked := [found.command.name | some found in dockerfile.all_commands; npm_lock.is_present(found)]

_no_tree := {"known": false, "files": [], "private_keys": []}

test_a_lock_file_beside_package_json if {
	every case in [
		["package-lock.json", _no_tree],
		["web/npm-shrinkwrap.json", _tree([])],
		["package*.json", _no_tree],
		["package*.json", _tree(["package-lock.json"])],
		[".", _tree(["npm-shrinkwrap.json"])],
		["./web/", _tree(["web/package-lock.json"])],
	] {
		_locked == ["npm"] with input as _document(case[0], case[1])
	}
}

test_no_lock_file if {
	every case in [
		["package.json", _no_tree],
		["package*.json", _tree([])],
		["package*.json", _tree(["web/package-lock.json"])],
		[".", _tree(["web/package-lock.json"])],
		["package.json", _tree(["package-lock.json"])],
	] {
		_locked == [] with input as _document(case[0], case[1])
	}
}
