# METADATA
# title: What licences a component is under
# description: |
#   Reads the entries of `licenses` of a CycloneDX component: each is a licence with an SPDX id or a name, or an SPDX
#   expression.
package policies.lib.license

# METADATA
# scope: document
# description: |
#   The licences that hold for a component, each written `name` by its path in the component: what was concluded
#   replaces what was declared.
names(component) := {path: name |
	some index, entry in component.licenses
	not _is_superseded(entry, component.licenses)
	some path, name in _named(index, entry)
}

_is_superseded(entry, entries) if {
	not _is_concluded(entry)
	some other in entries
	_is_concluded(other)
}

_is_concluded(entry) if entry.acknowledgement == "concluded"

_is_concluded(entry) if entry.license.acknowledgement == "concluded"

_named(index, entry) := {["licenses", index, "license", "id"]: entry.license.id}

_named(index, entry) := {["licenses", index, "license", "name"]: entry.license.name} if not entry.license.id

_named(index, entry) := {["licenses", index, "expression"]: entry.expression}
