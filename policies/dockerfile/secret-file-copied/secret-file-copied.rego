# METADATA
# title: File that holds secrets is copied into the image
# description: |
#   A file that was copied stays in its layer even if a later step deletes it. Everybody who can pull the image can
#   take the key or the token out of it.
# related_resources:
#   - ref: https://docs.docker.com/build/building/secrets/
#   - ref: https://docs.docker.com/build/concepts/context/#dockerignore-files
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: high
#   enabled: default
#   category: secrets
#   remediation: |
#     Name the file in .dockerignore, and mount it where a step needs it:
#     ```dockerfile
#     RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
#     ```
#   frameworks:
#     cis-docker: ["4.10"]
#   equivalents:
#     dockle: [CIS-DI-0010, DKL-LI-0003]
package policies.dockerfile["secret-file-copied"]

import data.policies.lib.dockerfile
import data.policies.lib.finding

deny contains finding.at(path, message) if {
	some copied in dockerfile.final_copies
	some index, source in copied.instruction.sources
	_holds_secret(source.value)
	path := array.concat(copied.path, ["sources", index])
	message := $"{copied.instruction.keyword} brings {source.value} into the image"
}

_holds_secret(path) if {
	name := lower(dockerfile.base_name(path))
	_is_secret_name(name)
	not regex.match(`example|sample|template|dist|schema`, name)
}

_holds_secret(path) if {
	some file in [".aws/credentials", ".docker/config.json", ".kube/config"]
	endswith($"/{lower(path)}", $"/{file}")
}

_holds_secret(path) if dockerfile.base_name(path) in {"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"}

_holds_secret(path) if _ending(path) in {"kubeconfig", "ppk", "p12", "pfx", "keystore", "jks"}

# A certificate has the same ending as a key.
_holds_secret(path) if {
	_ending(path) in {"pem", "key"}
	regex.match(`(?i)priv|(^|[-_./])(tls|ssl|server|client|ca)[-_.]?key\b|(tls|ssl|server|client)\.key$`, path)
}

_holds_secret(path) if {
	some key in input.context.private_keys
	glob.match(trim_prefix(path, "./"), ["/"], key)
}

_is_secret_name(name) if name in {".env", ".npmrc", ".pypirc", ".netrc", "_netrc", ".git-credentials", ".pgpass", ".dockercfg"}

_is_secret_name(name) if startswith(name, ".env.")

# The whole name where nothing stands before a dot.
_ending(path) := parts[count(parts) - 1] if parts := split(lower(dockerfile.base_name(path)), ".")
