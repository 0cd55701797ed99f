# METADATA
# title: What an SPDX licence expression leaves to choose
# description: |
#   Judges licence expressions (SPDX 2.3, annex D): `AND` binds closer than `OR`, `WITH` adds an exception to one
#   licence, operators and licence ids may be in any case.
package policies.lib.spdx

# METADATA
# scope: document
# description: |
#   The licences that an expression names, `WITH` and its exception included. What is no expression ("GPL v2") is one
#   name.
terms(expression) := names if {
	_is_compound(expression) # for speed alone
	tokens := _tokens(expression)
	names := [token | some token in tokens; not _operators[upper(token)]]
	_holds([_symbol(token) | some token in tokens])
} else := [expression]

# METADATA
# scope: document
# description: |
#   Holds where an expression can be fulfilled with the licences of the set `accepted` alone, whose members are terms
#   as `terms` gives them.
satisfied(expression, accepted) if {
	_is_compound(expression) # for speed alone
	_holds([_truth(token, accepted) | some token in _tokens(expression)])
}

# A look-up, because `in` goes through the whole set, and thousands of licences may be accepted.
satisfied(expression, accepted) if accepted[expression]

# METADATA
# description: |
#   A licence's id without what says which versions it may be replaced by: a list that has one of `GPL-2.0`,
#   `GPL-2.0+`, `GPL-2.0-only` and `GPL-2.0-or-later` means them all.
family(id) := trim_suffix(trim_suffix(trim_suffix(lower(id), "+"), "-only"), "-or-later")

# METADATA
# description: The families of several licences.
families(names) := {family(name) | some name in names}

# METADATA
# scope: document
# description: |
#   Holds where the sets `allowed` and `denied` of families let a term pass: a set that allows nothing allows all but
#   what is denied.
is_allowed(term, families) if is_listed(term, families.allowed)

is_allowed(term, families) if {
	count(families.allowed) == 0
	not is_listed(term, families.denied)
}

# METADATA
# scope: document
# description: |
#   Holds where the set `families`, made by `family`, has a term or the licence of a term without its exception.
is_listed(term, families) if family(term) in families

is_listed(term, families) if family(split(term, " WITH ")[0]) in families

_operators := {"AND": "&", "OR": "|", "(": "(", ")": ")"}

# Most expressions of a BOM are one id or one name, which costs nothing to take as it stands.
_is_compound(expression) if regex.match(`(?i)[()]|\s(?:AND|OR|WITH)\s|^\s|\s$`, expression) # for speed alone

_tokens(expression) := [_token(match) |
	some match in regex.find_all_string_submatch_n(
		`([()]|[^\s()]+)(?:\s+(?i:WITH)\s+([^\s()]+))?`,
		expression, -1,
	)
]

_token(match) := match[1] if {
	match[2] == ""
} else := $"{match[1]} WITH {match[2]}"

# One character for each token, so that an expression is judged by rewriting a string: Rego has no recursion.
_symbol(token) := object.get(_operators, upper(token), "T")

_truth(term, accepted) := "T" if {
	accepted[term]
} else := object.get(_operators, upper(term), "F")

# Each round replaces the innermost groups by their truth; no licence expression nests deeper than six.
_holds(symbols) if _is_true(_round(_round(_round(_round(_round(_round(concat("", symbols))))))))

_round(symbols) := symbols if {
	not contains(symbols, ")")
} else := concat("", [text |
	pieces := split(symbols, ")")
	some index, piece in pieces
	text := _closed(piece, index < (count(pieces) - 1))
])

_closed(piece, false) := piece

_closed(piece, true) := text if {
	contains(piece, "(")
	parts := split(piece, "(")
	last := count(parts) - 1
	text := concat("", [concat("(", array.slice(parts, 0, last)), _truth_of(parts[last])])
}

_closed(piece, true) := concat("", [piece, ")"]) if not contains(piece, "(")

_truth_of(group) := "T" if {
	_is_true(group)
} else := "F" if {
	regex.match(`^[TF]([&|][TF])*$`, group)
} else := "?"

_is_true(group) if {
	regex.match(`^[TF]([&|][TF])*$`, group)
	some choice in split(group, "|")
	not contains(choice, "F")
}
