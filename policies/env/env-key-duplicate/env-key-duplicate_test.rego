package policies.env["env-key-duplicate_test"]

import data.policies.env["env-key-duplicate"] as rule
import data.policies.lib.finding

test_deny_every_further_one if {
	rule.deny == {
		finding.at(["entries", 2], "A is already set above"),
		finding.at(["entries", 3], "A is already set above"),
	} with input as {"entries": [{"key": "A"}, {"key": "B"}, {"key": "A"}, {"key": "A"}]}
}

test_allow_keys_that_differ_in_case if rule.deny == set() with input as {"entries": [{"key": "A"}, {"key": "a"}]}

test_allow_an_empty_file if rule.deny == set() with input as {"entries": []}
