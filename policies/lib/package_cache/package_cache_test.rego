package policies.lib.package_cache_test

import data.policies.lib.dockerfile_example as example
import data.policies.lib.package_cache

commands := [result.command | some result in package_cache.kept]

# The commands of the only stage that leave a cache, from the lines of its RUN.
_kept(lines) := found if {
	found := commands with input as example.single("debian:13", [example.run(line) | some line in lines])
}

test_what_each_package_manager_leaves_behind if {
	every line, command in {
		"apt-get update": "apt-get update",
		"apt update": "apt update",
		"aptitude update": "aptitude update",
		"apk add curl": "apk add",
		"yum -y install curl": "yum install",
		"dnf upgrade": "dnf upgrade",
		"microdnf install curl": "microdnf install",
		"tdnf install curl": "tdnf install",
		"zypper -n ref": "zypper ref",
		"pip3 install flask": "pip install",
		"npm i": "npm i",
	} {
		_kept([line]) == [command]
	}
}

test_subcommands_that_fill_no_cache if {
	every line in ["apt-get install curl", "apk info", "dnf list", "pip list", "npm run install", "make install"] {
		_kept([line]) == []
	}
}

test_a_cache_is_told_once_a_manager_and_run_at_the_first_command_that_fills_it if {
	document := example.single("debian:13", [
		example.run("apt-get install curl && apt-get update && apt-get update && npm ci"),
		example.run("apt-get update"),
	])
	package_cache.kept == [
		{
			"path": ["stages", 0, "instructions", 0, "commands", 1],
			"command": "apt-get update",
			"what": "package lists",
		},
		{
			"path": ["stages", 0, "instructions", 0, "commands", 3],
			"command": "npm ci",
			"what": "its cache",
		},
		{
			"path": ["stages", 0, "instructions", 1, "commands", 0],
			"command": "apt-get update",
			"what": "package lists",
		},
	] with input as document
}

test_a_manager_that_cleans_up_in_the_same_run_leaves_nothing if {
	every line in [
		"dnf install curl && dnf clean all",
		"zypper in curl && zypper cc",
		"npm ci && npm cache clean --force",
		"pip install flask && pip cache purge",
		"apt-get update && apt-get dist-clean",
	] {
		_kept([line]) == []
	}
}

test_cleaning_in_another_run_or_by_another_manager_is_too_late if {
	_kept(["dnf install curl", "dnf clean all"]) == ["dnf install"]
	_kept(["dnf clean all", "dnf install curl"]) == ["dnf install"]
	_kept(["dnf install curl && npm cache clean"]) == ["dnf install"]
}

test_a_cache_that_is_removed_in_the_same_run_is_not_left if {
	every line in [
		"apt-get update && rm -rf /var/lib/apt/lists/*",
		"apt-get update && find /var/lib/apt -delete",
		"apk add curl && rm -rf /var/cache/apk",
		"pip install flask && rm -rf /root/.cache",
		"npm ci && rm -rf /root/.npm",
	] {
		_kept([line]) == []
	}
}

test_removing_something_else_or_elsewhere_leaves_the_cache if {
	_kept(["apt-get update && rm -rf /var/log"]) == ["apt-get update"]
	_kept(["apt-get update && ls /var/lib/apt/lists"]) == ["apt-get update"]
	_kept(["apt-get update", "rm -rf /var/lib/apt/lists"]) == ["apt-get update"]
}

test_what_is_removed_and_cannot_be_known_may_be_the_cache if {
	_kept([`apt-get update && rm -rf ?"$CACHE"`]) == []
	_kept(["apt-get update && rm -rf ?/var/$LOGS"]) == ["apt-get update"]
}

_in_run(line, environment, flags) := found if {
	found := commands with input as example.single("debian:13", [example.run_with(line, environment, flags)])
}

test_a_mounted_cache_stays_outside_of_the_image if {
	_in_run("apt-get update", {}, ["mount=type=cache,target=/var/lib/apt"]) == []
	_in_run("npm ci", {}, ["mount=type=tmpfs,dst=/root/.npm"]) == []
	_in_run("npm ci", {}, ["mount=type=cache,target=/var/lib/apt"]) == ["npm ci"]
}

test_options_and_variables_keep_a_cache_from_being_made if {
	_kept(["apk add --no-cache curl"]) == []
	_kept(["pip install --no-cache-dir flask"]) == []
	_in_run("pip install flask", {"PIP_NO_CACHE_DIR": "1"}, []) == []
}

test_a_variable_without_a_value_or_of_another_manager_keeps_nothing_away if {
	_in_run("pip install flask", {"PIP_NO_CACHE_DIR": ""}, []) == ["pip install"]
	_in_run("npm ci", {"PIP_NO_CACHE_DIR": "1"}, []) == ["npm ci"]
}

test_a_stage_that_is_not_in_the_final_image_leaves_nothing if {
	document := example.file([
		{"from": "debian:13", "as": "build", "do": [example.run("apt-get update")]},
		{"from": "debian:13", "do": []},
	])
	commands == [] with input as document
}
