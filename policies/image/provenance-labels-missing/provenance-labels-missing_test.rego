package policies.image["provenance-labels-missing_test"]

import data.policies.image["provenance-labels-missing"] as rule
import data.policies.lib.finding

_parameters := {"image/provenance-labels-missing": {"labels": ["source", "revision"]}}

_found(message) := {finding.at(["config", "Labels"], message)}

test_deny_no_labels if {
	rule.deny == _found("no label source and no label revision") with input as {"format": "config", "config": {}}
		with data.parameters as _parameters
}

test_deny_one_missing_or_empty if {
	every labels in [{"source": "x"}, {"source": "x", "revision": ""}] {
		rule.deny == _found("no label revision") with input as {"format": "config", "config": {"Labels": labels}}
			with data.parameters as _parameters
	}
}

test_deny_an_empty_annotation if {
	rule.deny == _found("no label revision") with input as {
		"format": "inspect",
		"annotations": {"source": "x", "revision": ""},
		"config": {},
	}
		with data.parameters as _parameters
}

test_allow_labels_and_annotations if {
	rule.deny == set() with input as {
		"format": "inspect",
		"annotations": {"revision": "x"},
		"config": {"Labels": {"source": "x"}},
	}
		with data.parameters as _parameters
}

test_allow_what_has_no_configuration if {
	rule.deny == set() with input as {"format": "oci-index", "manifests": []} with data.parameters as _parameters
}
