package policies.lib.downloads_test

import data.policies.lib.dockerfile
import data.policies.lib.dockerfile_example as example
import data.policies.lib.downloads

fetched := example.add(["https://example.com/tool.tar.gz"], "/tmp/", [])

test_a_checksum_or_signature_that_a_later_command_compares_verifies_a_download if {
	every line in ["sha256sum -c tool.sha256", "gpg --verify tool.asc", "tar -xf tool.tar.gz && cosign verify-blob tool"] {
		downloads.is_verified_later(dockerfile.copies[0]) with input as example.single("alpine", [fetched, example.run(line)])
	}
}

test_a_download_is_not_verified_by_another_program if {
	document := example.single("alpine", [fetched, example.run("tar -xf tool.tar.gz")])
	not downloads.is_verified_later(dockerfile.copies[0]) with input as document
}

test_what_was_compared_before_the_download_verifies_nothing if {
	document := example.single("alpine", [example.run("sha256sum -c other.sha256"), fetched])
	not downloads.is_verified_later(dockerfile.copies[0]) with input as document
}

test_what_another_stage_compares_verifies_nothing if {
	document := example.file([
		{"from": "alpine", "do": [fetched]},
		{"from": "alpine", "do": [example.user("root"), example.run("sha256sum -c tool.sha256")]},
	])
	not downloads.is_verified_later(dockerfile.copies[0]) with input as document
}

test_the_host_of_a_url_is_told_without_its_user_and_password if {
	downloads.host("https://example.com/a@b") == "example.com"
	downloads.host("https://me:token@example.com:8443/a") == "example.com:8443"
}

# The commands of one RUN, of which the last one reads a pipe.
_last(commands) := {"run": example.run_commands(commands, {}, []), "command": commands[count(commands) - 1]}

_names(commands) := [source.name | some source in downloads.sources(_last(commands))]

test_the_sources_of_a_command_are_those_that_a_pipe_leads_to_it if {
	curl := example.command(["curl", "https://example.com/install.sh"])
	_names([curl, example.command(["sh"])]) == []
	_names([curl, example.piped(["sh"], 0)]) == ["curl"]
	_names([curl, example.piped(["tee", "x"], 0), example.piped(["sh"], 1)]) == ["tee", "curl"]
}

_runs(line) if downloads.runs_its_input(example.command(split(line, " ")))

test_an_interpreter_without_a_script_runs_what_it_reads if {
	every line in ["sh", "bash -x", "bash -s -- --yes", "sh - --yes", "bash /dev/stdin --yes", "python3", "python3 -", "node"] {
		_runs(line)
	}
}

test_an_interpreter_with_a_script_of_its_own_does_not_run_what_it_reads if {
	every line in ["sh install.sh", "bash -c", "python3 install.py", "python3 -c", "node -e", "perl -pe", "tee", "cat -"] {
		not _runs(line)
	}
}

test_a_process_substitution_is_run_by_a_shell_alone if {
	not _runs("cat <(curl)")
	every line in ["bash <(curl)", ". <(curl)", "source <(curl)"] {
		_runs(line)
	}
}

test_a_command_substitution_is_run_by_a_shell_alone if {
	not _runs("echo $(curl)")
	not _runs("eval $COMMAND")
	every line in ["sh -c $(curl)", `bash -c "$(curl)"`, "eval `curl`", `eval '$(curl)'`] {
		_runs(line)
	}
}
