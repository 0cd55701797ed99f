package policies.lib.env_test

import data.policies.lib.env

test_values_are_expanded_where_they_are_known if {
	env.values == {
		{"key": "A", "path": ["entries", 0, "value"], "value": "1"},
		{"key": "B", "path": ["entries", 1, "value"], "value": "${X}"},
	} with input as {"entries": [
		{"key": "A", "value": "${Y}", "resolved": "1"},
		{"key": "B", "value": "${X}"},
		{"key": "C"},
	]}
}

test_production_is_what_the_name_says if {
	env.is_production with input as {"environment": "production"}
	not env.is_production with input as {"environment": "staging"}
	not env.is_production with input as {}
}

test_loopback_in_values if {
	found := {value: address |
		some value in [
			"localhost",
			"LOCALHOST:8080",
			"redis://127.0.0.1:6379/0",
			"postgres://u:p@localhost/db",
			"host=localhost port=5432",
			"u:p@tcp(127.0.0.1:3306)/db",
			"http://[::1]:80/",
			"a.example,localhost",
			"localhost.example.com",
			"http://notlocalhost/",
			"10.127.0.0.1",
			"",
		]
		address := env.loopback(value)
	}
	found == {
		"localhost": "localhost",
		"LOCALHOST:8080": "localhost",
		"redis://127.0.0.1:6379/0": "127.0.0.1",
		"postgres://u:p@localhost/db": "localhost",
		"host=localhost port=5432": "localhost",
		"u:p@tcp(127.0.0.1:3306)/db": "127.0.0.1",
		"http://[::1]:80/": "[::1]",
		"a.example,localhost": "localhost",
	}
}
