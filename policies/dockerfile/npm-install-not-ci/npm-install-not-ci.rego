# METADATA
# title: npm install ignores what the lock file promises
# description: |
#   `npm install` may change package-lock.json while it installs, so that the image holds versions that nobody
#   tested. `npm ci` installs exactly what the lock file names, and fails where it does not fit package.json.
# related_resources:
#   - ref: https://docs.npmjs.com/cli/commands/npm-ci
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: low
#   enabled: default
#   category: supply-chain
#   remediation: |
#     Write `npm ci`:
#     ```dockerfile
#     COPY package.json package-lock.json ./
#     RUN npm ci --omit=dev
#     ```
package policies.dockerfile["npm-install-not-ci"]

import data.policies.lib.dependencies
import data.policies.lib.dockerfile
import data.policies.lib.finding
import data.policies.lib.npm_lock
import data.policies.lib.package_manager

deny contains finding.at(path, "npm install is used although there is a lock file") if {
	some found in dockerfile.all_commands
	found.command.name == "npm"
	not dependencies.is_global(found.command)
	not _has_unknown_word(found.command)
	operands := package_manager.operands(found.command, "npm")
	count(operands) == 1
	operands[0].value in {"install", "i"}
	npm_lock.is_present(found)
	path := array.concat(found.path, ["arguments", operands[0].index])
}

# It may be a package or `--global`.
_has_unknown_word(command) if {
	some word in command.arguments
	not word.value
}
