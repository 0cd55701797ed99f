package policies.kubernetes["secret-in-config-map_test"]

import data.policies.kubernetes["secret-in-config-map"] as rule

config_map := {
	"apiVersion": "v1",
	"kind": "ConfigMap",
	"metadata": {"name": "here only by its mark"},
	"data": {"config.yaml": "here only by its mark", "LEVEL": "debug"},
	"binaryData": {"key.pem": "here only by its mark"},
}

test_deny_marked_values if {
	rule.deny == {
		{"path": ["data", "config.yaml"], "message": "config.yaml holds a URL with a password"},
		{"path": ["binaryData", "key.pem"], "message": "key.pem holds a private key"},
	} with input as config_map
		with data.secrets as [
			{"path": ["data", "config.yaml"], "type": "url-password"},
			{"path": ["binaryData", "key.pem"], "type": "private-key"},
		]
}

test_allow_placeholders_and_marks_elsewhere if {
	rule.deny == set() with input as config_map
		with data.secrets as [
			{"path": ["data", "config.yaml"], "type": "placeholder"},
			{"path": ["metadata", "name"], "type": "token"},
		]
}

test_allow_unmarked_values if {
	rule.deny == set() with input as config_map with data.secrets as []
	rule.deny == set() with input as {"apiVersion": "v1", "kind": "ConfigMap", "data": null} with data.secrets as []
}
