package policies.env.facts_test

import data.policies.env.facts

test_facts_hold_keys_and_no_values if {
	facts.facts == {
		{
			"type": "env-file", "path": [], "name": ".env.production", "stem": "",
			"environment": "production", "example": false, "local": false,
		},
		{"type": "key", "path": ["entries", 0], "key": "A"},
		{"type": "key", "path": ["entries", 1], "key": "B"},
		{"type": "secret", "path": ["entries", 1, "value"]},
	} with input as {
		"name": ".env.production", "stem": "", "environment": "production", "example": false, "local": false,
		"entries": [{"key": "A", "value": "changeme"}, {"key": "B", "value": "x"}],
	}
		with data.secrets as [
			{"path": ["entries", 0, "value"], "type": "placeholder"},
			{"path": ["entries", 1, "value"], "type": "literal"},
		]
}

test_facts_of_a_file_without_environment if {
	facts.facts == {{
		"type": "env-file", "path": [], "name": ".env.example", "stem": "",
		"environment": "", "example": true, "local": false,
	}} with input as {"name": ".env.example", "stem": "", "example": true, "local": false, "entries": []}
		with data.secrets as []
}
