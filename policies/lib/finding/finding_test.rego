package policies.lib.finding_test

import data.policies.lib.finding

test_at if finding.at(["a", 0], "m") == {"path": ["a", 0], "message": "m"}

test_in_document if {
	finding.in_document("f.env", ["a"], "m") == {"document": "f.env", "path": ["a"], "message": "m"}
}
