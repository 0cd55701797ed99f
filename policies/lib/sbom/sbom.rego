# METADATA
# title: What a BOM lists
# description: |
#   Gives the components that rules judge: libraries, frameworks, containers and operating systems, at every depth;
#   not lock files, and neither the component that the BOM describes nor its own modules.
# schemas:
#   - input: schema.sbom
package policies.lib.sbom

# METADATA
# description: The judged components, each with its `path` and the `component` itself.
components := [listed |
	some listed in _listed
	listed.component.type in {"library", "framework", "container", "operating-system"}
	not _is_own(listed.component)
]

# METADATA
# description: How to call a component in a message.
label(component) := concat("/", [part |
	some part in [object.get(component, "group", ""), component.name]
	part != ""
])

# METADATA
# scope: document
# description: Holds where a component tells who supplies it, by any of the keys that can.
is_supplied(component) if {
	some key in ["supplier", "manufacturer", "authors", "author", "publisher"]
	count(component[key]) > 0
}

# METADATA
# scope: document
# description: |
#   Holds for a BOM that the scan itself had made: what it does not tell, its maker could not know, and no file of the
#   project lacks it.
default is_generated := false

is_generated := input.generated

_main := object.get(input, ["metadata", "component"], {})

_listed := array.concat(
	[{"path": ["components", index], "component": component} | some index, component in input.components],
	[{"path": array.concat(["components", index, "components"], path), "component": component} |
		some index, parent in input.components
		walk(parent.components, [path, component])
		component.type
		component.name
	],
)

_is_own(component) if component["bom-ref"] == _main["bom-ref"]

_is_own(component) if component["bom-ref"] in _root_modules

_is_own(component) if component.purl == _main.purl

_is_own(component) if startswith(component.purl, $"{_address(_main.purl)}/")

_is_own(component) if {
	component.name == _main.name
	object.get(component, "group", "") == object.get(_main, "group", "")
	object.get(component, "version", "") == object.get(_main, "version", "")
}

# The modules of one Maven or Gradle build share group and version.
_is_own(component) if {
	component.group == _main.group
	component.version == _main.version
	component.group != ""
}

_address(purl) := split(split(purl, "?")[0], "@")[0]

# Trivy lists the module that a go.mod describes as a library without version.
_root_modules contains module if {
	some file in input.components
	some property in file.properties
	property == {"name": "aquasecurity:trivy:Type", "value": "gomod"}
	some dependency in input.dependencies
	dependency.ref == file["bom-ref"]
	some module in dependency.dependsOn
	not _versioned[module]
}

_versioned[component["bom-ref"]] := true if {
	some component in input.components
	component.version != ""
}
