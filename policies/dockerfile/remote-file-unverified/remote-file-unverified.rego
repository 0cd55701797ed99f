# METADATA
# title: Download is used without a check of its content
# description: |
#   Whoever controls the server, the network or the account behind the URL decides what runs in the build. A
#   checksum in the Dockerfile makes such a change fail instead of passing unseen.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#add---checksum
#   - ref: https://docs.docker.com/build/building/best-practices/#add-or-copy
# schemas:
#   - input: schema.dockerfile
# custom:
#   severity: medium
#   enabled: default
#   category: supply-chain
#   remediation: |
#     Give the checksum that was tested:
#     ```dockerfile
#     ADD --checksum=sha256:<digest> https://example.com/tool.tar.gz /tmp/
#     ```
#     and run a script only after `sha256sum -c` on the file.
#   equivalents:
#     dockle: [CIS-DI-0009]
package policies.dockerfile["remote-file-unverified"]

import data.policies.lib.dockerfile
import data.policies.lib.downloads
import data.policies.lib.finding

deny contains finding.at(array.concat(copied.path, ["sources", index]), message) if {
	some copied in dockerfile.copies
	copied.instruction.keyword == "ADD"
	not dockerfile.has_flag(copied.instruction, "checksum")
	some index, source in copied.instruction.sources
	regex.match(`^["']?https?://`, source.text)
	not regex.match(`\.git(#.*)?["']?$`, source.text)
	not downloads.is_verified_later(copied)
	message := $"ADD takes {downloads.host(source.text)} without a checksum"
}

deny contains finding.at(found.path, message) if {
	some found in dockerfile.all_commands
	downloads.runs_its_input(found.command)
	some source in downloads.sources(found)
	source.name in {"curl", "wget"}
	message := $"{found.command.name} runs what {source.name} downloads"
}
