package policies.kubernetes["role-wildcard_test"]

import data.policies.kubernetes["role-wildcard"] as rule

role(rules) := {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "rules": rules}

test_deny_each_wildcard if {
	rule.deny == {
		{"path": ["rules", 0, "verbs", 0], "message": "ClusterRole grants every verb"},
		{"path": ["rules", 0, "resources", 1], "message": "ClusterRole grants every resource"},
		{"path": ["rules", 1, "nonResourceURLs", 0], "message": "ClusterRole grants every URL"},
	} with input as role([
		{"apiGroups": ["*"], "resources": ["pods", "*"], "verbs": ["*"]},
		{"nonResourceURLs": ["*"], "verbs": ["get"]},
	])
}

test_allow_what_is_named if {
	rule.deny == set() with input as role([
		{"apiGroups": ["*"], "resources": ["pods", "*/scale"], "resourceNames": ["*"], "verbs": ["get"]},
		{"nonResourceURLs": ["/healthz/*"], "verbs": ["get"]},
	])
}

test_allow_what_grants_nothing if {
	every rules in [null, [], "*", [null], [{"verbs": null}], [{"verbs": "*"}]] {
		rule.deny == set() with input as role(rules)
	}
}
