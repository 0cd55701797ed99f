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
terms(expression) := [term.text | some term in _terms(_tokens(expression))] if {
	_well_formed(expression)
} else := [expression]

# METADATA
# scope: document
# description: |
#   Holds where an expression can be fulfilled with the licences of the set `accepted` alone, whose members are terms
#   as `terms` gives them.
satisfied(expression, accepted) if {
	tokens := _tokens(expression)
	_holds(_symbols(tokens, {term.index: symbol |
		some term in _terms(tokens)
		symbol := _truth(term.text in accepted)
	}))
}

satisfied(expression, accepted) if expression in accepted

# METADATA
# description: |
#   A licence's id without what says which versions it may be replaced by: a list that has one of `GPL-2.0`,
#   `GPL-2.0+`, `GPL-2.0-only` and `GPL-2.0-or-later` means them all.
family(id) := trim_suffix(trim_suffix(trim_suffix(lower(id), "+"), "-only"), "-or-later")

# METADATA
# description: The licence of a term, without its exception.
base(term) := split(term, " WITH ")[0]

_operators := {"AND", "OR", "WITH"}

_well_formed(expression) if {
	tokens := _tokens(expression)
	_holds(_symbols(tokens, {term.index: "T" | some term in _terms(tokens)}))
}

_tokens(expression) := [token |
	spaced := replace(replace(replace(replace(expression, "(", " ( "), ")", " ) "), "\n", " "), "\t", " ")
	some word in split(spaced, " ")
	word != ""
	token := _token(word)
]

_token(word) := upper(word) if {
	upper(word) in _operators
} else := word

_terms(tokens) := [{"index": index, "text": _term(tokens, index)} |
	some index, token in tokens
	not token in _operators
	not token in {"(", ")"}
	not _is_exception(tokens, index)
]

_term(tokens, index) := $"{tokens[index]} WITH {tokens[index + 2]}" if {
	tokens[index + 1] == "WITH"
} else := tokens[index]

_is_exception(tokens, index) if tokens[index - 1] == "WITH"

_truth(true) := "T"

_truth(false) := "F"

# One character for each token, so that an expression is judged by rewriting a string: Rego has no recursion.
_symbols(tokens, truths) := concat("", [symbol |
	some index, token in tokens
	symbol := object.get(truths, index, object.get({"AND": "&", "OR": "|", "(": "(", ")": ")"}, token, ""))
])

# Each round replaces the innermost groups by their truth; no licence expression nests deeper than six.
_holds(symbols) if {
	_is_true(_round(_round(_round(_round(_round(_round(symbols)))))))
}

_round(symbols) := concat("", [text |
	pieces := split(symbols, ")")
	some index, piece in pieces
	text := _collapsed(piece, index < (count(pieces) - 1))
])

_collapsed(piece, false) := piece

_collapsed(piece, true) := text if {
	contains(piece, "(")
	parts := split(piece, "(")
	last := count(parts) - 1
	text := concat("", [concat("(", array.slice(parts, 0, last)), _truth_of(parts[last])])
}

_collapsed(piece, true) := concat("", [piece, ")"]) if not contains(piece, "(")

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
