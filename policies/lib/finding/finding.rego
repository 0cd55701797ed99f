# METADATA
# title: What a rule answers
# description: |
#   Each element of a rule's `deny` is made by one of these functions, so that every finding has the same shape.
package policies.lib.finding

# METADATA
# description: |
#   Blames a node of the document: `path` is an array of keys and indices, `message` one line that names the
#   offending value, without advice and without a full stop.
at(path, message) := {"path": path, "message": message}

# METADATA
# description: Blames a node of one of several documents, for the rules of `policies/project/`.
in_document(document, path, message) := {"document": document, "path": path, "message": message}
