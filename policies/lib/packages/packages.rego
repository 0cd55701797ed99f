# METADATA
# title: Which packages a running container does not need
# description: Names of packages over the distributions, and what of them stays in the final image.
# schemas:
#   - input: schema.dockerfile
package policies.lib.packages

import data.policies.lib.dockerfile
import data.policies.lib.final_image
import data.policies.lib.package_manager

build_tools := {
	"@development-tools", "alpine-sdk", "apache-maven", "autoconf", "automake", "base-devel", "bazel", "binutils",
	"bison", "build-base", "build-essential", "byacc", "cargo", "clang", "cmake", "default-jdk", "development tools",
	"dpkg-dev", "flex", "g++", "gcc", "gcc-c++", "gfortran", "git", "go", "golang", "golang-go", "gradle", "jdk",
	"libc-dev", "libc6-dev", "libtool", "linux-headers", "llvm", "make", "maven", "mercurial", "meson", "musl-dev",
	"nasm", "ninja", "ninja-build", "openjdk-11-jdk", "openjdk-17-jdk", "openjdk-21-jdk", "openjdk-8-jdk", "openjdk11",
	"openjdk17", "openjdk21", "openjdk8", "rust", "rustc", "sbt", "scons", "subversion", "yasm",
}

debug_tools := {
	"bind-tools", "bind-utils", "busybox-extras", "curl", "dnsutils", "emacs", "emacs-nox", "ethtool", "gdb",
	"gdbserver", "htop", "inetutils-ping", "iperf", "iperf3", "iputils", "iputils-ping", "ltrace", "mtr",
	"nano", "nc", "ncat", "net-tools", "netcat", "netcat-openbsd", "netcat-traditional", "nmap", "nmap-ncat",
	"openssh", "openssh-client", "openssh-clients", "openssh-server", "screen", "socat", "strace", "sysstat",
	"tcpdump", "telnet", "tmux", "traceroute", "vim", "vim-enhanced", "vim-minimal", "vim-nox", "vim-tiny", "wget",
}

# Packages whose programs have other names.
_programs := {
	"bind-tools": {"dig", "nslookup", "host"},
	"bind-utils": {"dig", "nslookup", "host"},
	"build-base": {"gcc", "make", "g++"},
	"build-essential": {"gcc", "make", "g++"},
	"dnsutils": {"dig", "nslookup", "host"},
	"golang": {"go"},
	"golang-go": {"go"},
	"iputils": {"ping"},
	"iputils-ping": {"ping"},
	"inetutils-ping": {"ping"},
	"maven": {"mvn"},
	"mercurial": {"hg"},
	"net-tools": {"netstat", "ifconfig"},
	"netcat": {"nc", "ncat"},
	"netcat-openbsd": {"nc", "ncat", "netcat"},
	"netcat-traditional": {"nc", "ncat", "netcat"},
	"nmap-ncat": {"nc", "ncat"},
	"openssh": {"ssh", "sshd"},
	"openssh-client": {"ssh", "scp", "sftp"},
	"openssh-clients": {"ssh", "scp", "sftp"},
	"openssh-server": {"sshd"},
	"subversion": {"svn"},
	"vim-enhanced": {"vim", "vi"},
	"vim-minimal": {"vi"},
	"vim-nox": {"vim", "vi"},
	"vim-tiny": {"vim", "vi"},
}

# METADATA
# description: |
#   Of a set of names those that the final stage keeps and that neither CMD, ENTRYPOINT nor HEALTHCHECK use: for each
#   command that installs some, the path of the first one and all their names.
kept_by_command(names) := {kept[0].path: concat(", ", [installation.name | some installation in kept]) |
	some command in {installation.command | some installation in package_manager.kept; installation.name in names}
	kept := [installation |
		some installation in package_manager.kept
		installation.command == command
		installation.name in names
		not _is_used(installation.name)
	]
	count(kept) > 0
}

_is_used(name) if {
	some program in (object.get(_programs, name, set()) | {name})
	some word in final_image.entry_point_words
	dockerfile.base_name(word) == program
}

# METADATA
# scope: document
# description: Holds for a step that compiles JavaScript or TypeScript.
builds_javascript(command) if {
	command.name in {"npm", "yarn", "pnpm"}
	some word in command.arguments
	regex.match(`^build($|[:-])`, word.value)
}

builds_javascript(command) if command.name in {"tsc", "webpack", "ng", "vite", "rollup", "esbuild"}

builds_javascript(command) if {
	command.name in {"npx", "next", "nuxt"}
	command.arguments[_].value in {"tsc", "webpack", "vite", "rollup", "build"}
}
