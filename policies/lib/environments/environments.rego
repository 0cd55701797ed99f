# METADATA
# title: Env files that configure the same program
# description: |
#   Groups the env files of a scan by folder and stem: one program in several environments.
package policies.lib.environments

# METADATA
# description: |
#   The groups: each an array of files `{id, name, environment, rank, example, keys}`, where `keys` gives the path of
#   each key's first entry. Files that one person overrides (`.env.local`) and those for tests, which set only what
#   differs, are in no group. Arrays, since each step through a set costs a look at the whole member that it stands at.
groups := [[_files[place].member | some place in places] | some places in _places]

_places[file.group] contains place if some place, file in _files

_files := [found |
	some document in input.documents
	some file in document.facts
	file.type == "env-file"
	not file.local
	segments := split(document.source, "/")
	folder := concat("/", array.slice(segments, 0, count(segments) - 1))
	member := {
		"id": document.id,
		"name": file.name,
		"environment": file.environment,
		"rank": _rank[file.environment],
		"example": file.example,
		"keys": _keys[document.id],
	}
	found := {"group": [folder, file.stem], "member": member}
]

# The file to blame for a key that several have: the nearest to the user. Tests have no rank, and so no member.
_rank := {"production": 0, "staging": 1, "preview": 2, "development": 3, "": 4}

_keys[document.id] := {key: min(paths) | some key, paths in object.get(_paths, document.id, {})} if {
	some document in input.documents
}

_paths[document.id][fact.key] contains fact.path if {
	some document in input.documents
	some fact in document.facts
	fact.type == "key"
}
