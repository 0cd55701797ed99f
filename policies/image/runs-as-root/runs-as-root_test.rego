package policies.image["runs-as-root_test"]

import data.policies.image["runs-as-root"] as rule
import data.policies.lib.finding

test_deny_root_by_name_and_number if {
	every user in ["root", "root:app", "0", "0:0", "00"] {
		rule.deny == {finding.at(["config", "User"], $"containers start as user {user}")} with input as {
			"format": "config",
			"os": "linux",
			"config": {"User": user},
		}
	}
}

test_deny_no_user if {
	every config in [{}, {"User": ""}] {
		rule.deny == {finding.at(["config", "User"], "no user is set, so containers start as root")} with input as {
			"format": "inspect",
			"config": config,
		}
	}
}

test_allow_others if {
	every user in ["app", "65532", "65532:0", "rooted:root"] {
		rule.deny == set() with input as {"format": "config", "config": {"User": user}}
	}
}

test_allow_windows if {
	rule.deny == set() with input as {"format": "config", "os": "Windows", "config": {}}
}

test_allow_what_has_no_configuration if rule.deny == set() with input as {"format": "oci-manifest", "layers": []}
