package policies.image["secret-in-environment_test"]

import data.policies.image["secret-in-environment"] as rule
import data.policies.lib.finding

_image := {"format": "config", "config": {"Env": ["PATH=/bin", "API_TOKEN=x=y"]}}

test_deny_a_secret if {
	rule.deny == {finding.at(["config", "Env", 1], "environment variable API_TOKEN holds a token")} with input as _image
		with data.secrets as [{"path": ["config", "Env", 1], "type": "token"}]
}

test_allow_a_placeholder if {
	rule.deny == set() with input as _image
		with data.secrets as [{"path": ["config", "Env", 1], "type": "placeholder"}]
}

test_allow_a_secret_elsewhere if {
	rule.deny == set() with input as _image
		with data.secrets as [{"path": ["config", "Labels", "a"], "type": "token"}]
}

test_allow_no_secret if rule.deny == set() with input as _image with data.secrets as []
