package policies.lib.sbom_test

import data.policies.lib.sbom

_judged(bom) := {path |
	some listed in sbom.components with input as bom
	path := concat(".", [$"{step}" | some step in listed.path])
}

test_components_of_each_type if {
	types := [
		"library", "framework", "container", "operating-system",
		"application", "device", "firmware", "file", "platform", "data",
	]
	bom := {"components": [{"type": type, "name": "a"} | some type in types]}
	_judged(bom) == {"components.0", "components.1", "components.2", "components.3"}
}

test_components_at_every_depth if {
	leaf := {"type": "library", "name": "c", "properties": [{"name": "x", "value": "y"}]}
	middle := {"type": "library", "name": "b", "components": [leaf]}
	bom := {"components": [{"type": "file", "name": "a", "components": [middle]}]}
	_judged(bom) == {"components.0.components.0", "components.0.components.0.components.0"}
}

test_components_without_the_main_one if {
	purl := "pkg:golang/h/g/n@1?type=module"
	main := {"type": "library", "bom-ref": "m", "group": "g", "name": "n", "version": "1", "purl": purl}
	own := [
		{"type": "library", "bom-ref": "m", "name": "other"},
		{"type": "library", "name": "x", "purl": "pkg:golang/h/g/n@1?type=module"},
		{"type": "library", "name": "x", "purl": "pkg:golang/h/g/n/sub@2"},
		{"type": "library", "group": "g", "name": "n", "version": "1"},
		{"type": "library", "group": "g", "name": "module", "version": "1"},
	]
	others := [
		{"type": "library", "name": "x", "purl": "pkg:golang/h/g/ng@1"},
		{"type": "library", "group": "g", "name": "module", "version": "2"},
		{"type": "library", "group": "h", "name": "module", "version": "1"},
		{"type": "library", "name": "n", "version": "1"},
	]
	bom := {"metadata": {"component": main}, "components": array.concat(own, others)}
	_judged(bom) == {"components.5", "components.6", "components.7", "components.8"}
}

test_components_without_group_are_not_of_one_build if {
	bom := {
		"metadata": {"component": {"type": "application", "name": "app", "group": "", "version": "1"}},
		"components": [
			{"type": "library", "name": "a", "group": "", "version": "1"},
			{"type": "library", "name": "app", "version": "1"},
			{"type": "library", "name": "app", "version": "2"},
			{"type": "library", "name": "app"},
		],
	}
	_judged(bom) == {"components.0", "components.2", "components.3"}
}

test_components_without_the_root_module_of_a_go_mod if {
	class := [{"name": "aquasecurity:trivy:Type", "value": "gomod"}]
	bom := {
		"components": [
			{"type": "application", "bom-ref": "f", "name": "go.mod", "properties": class},
			{"type": "library", "bom-ref": "root", "name": "example.org/root"},
			{"type": "library", "bom-ref": "a", "name": "example.org/a", "version": "v1"},
			{"type": "library", "bom-ref": "b", "name": "example.org/b"},
		],
		"dependencies": [{"ref": "f", "dependsOn": ["root", "a"]}, {"ref": "root", "dependsOn": ["b"]}],
	}
	_judged(bom) == {"components.2", "components.3"}
}

test_components_with_what_another_lock_file_has_first if {
	class := [{"name": "aquasecurity:trivy:Type", "value": "pip"}]
	bom := {
		"components": [
			{"type": "application", "bom-ref": "f", "name": "requirements.txt", "properties": class},
			{"type": "library", "bom-ref": "a", "name": "a"},
		],
		"dependencies": [{"ref": "f", "dependsOn": ["a"]}],
	}
	_judged(bom) == {"components.1"}
}

test_label if {
	sbom.label({"name": "n"}) == "n"
	sbom.label({"group": "", "name": "n"}) == "n"
	sbom.label({"group": "g", "name": "n"}) == "g/n"
}

test_is_generated if {
	sbom.is_generated with input as {"generated": true}
	not sbom.is_generated with input as {}
}

test_is_supplied if {
	every component in [
		{"supplier": {"name": "s"}},
		{"manufacturer": {"name": "m"}},
		{"authors": [{"name": "a"}]},
		{"author": "a"},
		{"publisher": "p"},
	] {
		sbom.is_supplied(component)
	}
	every component in [{}, {"supplier": {}}, {"authors": []}, {"publisher": ""}, {"name": "n"}] {
		not sbom.is_supplied(component)
	}
}
