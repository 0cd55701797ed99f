package policies.image["secret-in-image-history_test"]

import data.policies.image["secret-in-image-history"] as rule
import data.policies.lib.finding

_steps(command) := {
	"format": "config",
	"config": {"Env": ["TOKEN=x", "OTHER=y"]},
	"history": [{"created_by": "COPY / /"}, {"created_by": command}],
}

_mark := {"path": ["history", 1, "created_by"], "type": "literal"}

_found := {finding.at(["history", 1, "created_by"], "build step 2 holds a secret")}

test_deny_a_build_argument if {
	rule.deny == _found with input as _steps("RUN |1 TOKEN=x /bin/sh -c make") with data.secrets as [_mark]
}

test_deny_a_variable_that_is_gone if {
	rule.deny == _found with input as _steps("ENV TOKEN=x") with data.secrets as [_mark]
}

test_deny_a_variable_beside_another_secret if {
	rule.deny == _found with input as _steps("ENV TOKEN=x")
		with data.secrets as [_mark, {"path": ["config", "Env", 1], "type": "literal"}]
}

test_allow_what_the_environment_repeats if {
	every form in ["ENV", "/bin/sh -c #(nop) ENV", "/bin/sh -c #(nop)  ENV"] {
		rule.deny == set() with input as _steps($"{form} TOKEN=x")
			with data.secrets as [_mark, {"path": ["config", "Env", 0], "type": "literal"}]
	}
}

test_allow_a_placeholder if {
	rule.deny == set() with input as _steps("ARG TOKEN=changeme")
		with data.secrets as [{"path": ["history", 1, "created_by"], "type": "placeholder"}]
}

test_allow_no_secret if rule.deny == set() with input as _steps("RUN make") with data.secrets as []
