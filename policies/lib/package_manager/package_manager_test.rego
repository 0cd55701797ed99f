package policies.lib.package_manager_test

import data.policies.lib.dockerfile
import data.policies.lib.dockerfile_example as example
import data.policies.lib.package_manager

_operands(line, manager) := [operand.value |
	some operand in package_manager.operands(example.command(split(line, " ")), manager)
]

test_operands_are_neither_options_nor_their_values if {
	_operands("apt-get -o Debug=1 install -y curl", "apt-get") == ["install", "curl"]
	_operands("apk add --virtual .build gcc", "apk") == ["add", "gcc"]
	_operands("pip install -r requirements.txt flask", "pip") == ["install", "flask"]
	_operands("apk add ?$PACKAGES curl", "apk") == ["add", "curl"]
}

test_operands_know_their_place_among_all_words if {
	package_manager.operands(example.command(["apk", "--no-cache", "add", "curl"]), "apk") == [
		{"index": 1, "value": "add"},
		{"index": 2, "value": "curl"},
	]
}

test_an_option_of_one_manager_is_none_of_another if _operands("npm -r x", "npm") == ["x"]

test_the_subcommand_is_the_first_operand if {
	package_manager.subcommand(example.command(["apt-get", "-y", "install", "curl"]), "apt-get") == "install"
	not package_manager.subcommand(example.command(["apt-get", "--version"]), "apt-get")
}

names := [installation.name | some installation in package_manager.kept]

# What the only stage of a Dockerfile keeps, from the lines of its RUN.
_kept(lines) := found if {
	found := names with input as example.single("debian:13", [example.run(line) | some line in lines])
}

test_what_each_package_manager_installs if {
	every line in [
		"apt-get install -y curl",
		"apt install curl",
		"aptitude -y install curl",
		"apk add --no-cache curl",
		"yum -y install curl",
		"dnf groupinstall curl",
		"microdnf install curl",
		"tdnf install curl",
		"zypper -n in curl",
		"pacman -Sy curl",
	] {
		_kept([line]) == ["curl"]
	}
}

test_what_installs_nothing_from_a_distribution if {
	every line in ["apt-get update", "dpkg -i curl", "pip install curl", "npm install curl", "install curl", "apk info curl"] {
		_kept([line]) == []
	}
}

test_an_installation_tells_where_and_how if {
	document := example.single("alpine:3.22", [example.run("apk update && apk add curl")])
	package_manager.kept == [{
		"path": ["stages", 0, "instructions", 0, "commands", 1, "arguments", 1],
		"command": ["stages", 0, "instructions", 0, "commands", 1],
		"manager": "apk",
		"name": "curl",
	}] with input as document
}

test_the_name_of_a_package_stands_without_version_and_release if {
	_kept(["apk add gcc=4:12 curl~8 git>2 jq<2 vim/stable GO"]) == ["gcc", "curl", "git", "jq", "vim", "go"]
}

test_a_variable_may_hold_several_packages if {
	words := [{"value": "add", "text": "add"}, {"value": "curl  git", "text": "$PACKAGES"}]
	command := object.union(example.command(["apk"]), {"arguments": words})
	names == ["curl", "git"] with input as example.single("alpine:3.22", [example.run_commands([command], {}, [])])
}

test_what_is_removed_in_the_same_or_a_later_run_is_not_kept if {
	_kept(["apk add curl git && apk del git"]) == ["curl"]
	_kept(["apt-get install curl git", "apt-get purge git=1"]) == ["curl"]
	_kept(["dnf install curl git", "dnf -y remove git curl"]) == []
	_kept(["apt-get install curl", "dpkg --purge curl"]) == []
	_kept(["yum install curl", "rpm -e curl"]) == []
}

test_what_is_removed_before_it_is_installed_is_kept if {
	_kept(["apt-get remove git", "apt-get install git"]) == ["git"]
	_kept(["apt-get remove ?$PACKAGES", "apt-get install git"]) == ["git"]
}

test_a_variable_holds_several_packages_that_are_removed if {
	words := [{"value": "del", "text": "del"}, {"value": "curl git", "text": "$PACKAGES"}]
	command := object.union(example.command(["apk"]), {"arguments": words})
	names == ["vim"] with input as example.single("alpine:3.22", [
		example.run("apk add curl git vim"),
		example.run_commands([command], {}, []),
	])
}

test_a_group_of_packages_is_removed_by_its_name if {
	_kept(["apk add --virtual .build gcc", "apk add -t .other git", "apk add curl", "apk del .build .other"]) == ["curl"]
	_kept(["apk add --virtual .build gcc", "apk del .other"]) == ["gcc"]
	_kept(["apt-get install -t .build gcc", "apk del .build"]) == ["gcc"]
}

test_a_removal_that_cannot_be_known_may_remove_everything if {
	_kept(["apt-get install gcc", "apt-get purge ?$PACKAGES"]) == []
	_kept(["apt-get install gcc", "apt-get purge git"]) == ["gcc"]
}

test_what_is_marked_as_automatic_goes_with_autoremove if {
	_kept(["apt-get install gcc", "apt-mark auto gcc && apt-get autoremove"]) == []
	_kept(["apt-get install gcc", "apt-mark manual gcc && apt-get autoremove"]) == ["gcc"]
	_kept(["apt-get install gcc", "apt-mark auto gcc", "apt-get autoremove"]) == ["gcc"]
	_kept(["apt-get install gcc", "echo auto && apt-get autoremove"]) == ["gcc"]
}

test_a_stage_that_is_not_in_the_final_image_keeps_nothing if {
	document := example.file([
		{"from": "debian:13", "as": "build", "do": [example.run("apt-get install gcc")]},
		{"from": "debian:13", "do": []},
	])
	names == [] with input as document
	installed := [installation.name |
		some found in dockerfile.all_commands
		some installation in package_manager.installed(found)
	] with input as document
	installed == ["gcc"]
}

_pip(line) := [word.value | some word in package_manager.pip(example.command(split(line, " "))).arguments]

test_pip_has_several_names if {
	package_manager.pip(example.command(["pip3", "--version"])).name == "pip"
	package_manager.pip(example.command(["python3.14", "-m", "pip"])).name == "pip"
	every line in ["pip install flask", "pip3 install flask", "pip3.11 install flask", "python3 -m pip install flask"] {
		_pip(line) == ["install", "flask"]
	}
}

test_other_programs_are_not_pip if {
	every line in ["python3 -m venv install", "python3 -c pip install", "ruby -m pip install", "pipx install flask"] {
		not package_manager.pip(example.command(split(line, " ")))
	}
}
