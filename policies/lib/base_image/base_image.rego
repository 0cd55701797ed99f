# METADATA
# title: What is known of base images
# description: |
#   Tables over the names of well-known images: as whom they run, which C library they carry, and whether they are
#   made to compile. A name that no table has is unknown, and the functions are undefined for it.
# related_resources:
#   - ref: https://github.com/docker-library/official-images
#   - ref: https://github.com/GoogleContainerTools/distroless
#   - ref: https://edu.chainguard.dev/chainguard/chainguard-images/about/getting-started-with-distroless/
package policies.lib.base_image

import data.policies.lib.image

# METADATA
# description: |
#   As whom a container of the image starts: `root`, `non-root`, `drops` (root, until the image's own entry point
#   changes to another user) or `windows`.
user(reference) := _user(_described(reference))

_user(described) := "windows" if _is_windows(described)

# Most images are official ones, which need no look at the long tables below.
else := "root" if {
	described.official in _root_official
	not _says_non_root(described)
}

else := "root" if _matches(described, _root_exceptions)

else := "non-root" if _says_non_root(described)

else := "non-root" if described.official in _non_root_official

else := "non-root" if _matches(described, _non_root)

else := "drops" if described.official in _drops

else := "root" if _matches(described, _root)

# METADATA
# description: The C library that programs of the image are linked to, `glibc` or `musl`, or `none` where it has none.
libc(reference) := _libc(_described(reference))

_libc(described) := "musl" if _tag_says(described, {"alpine", "musl"})

else := "musl" if described.official == "alpine"

else := "none" if described.name == "scratch"

else := "glibc" if described.official in _glibc_official

else := "none" if _matches(described, _without_libc)

else := "glibc" if _matches(described, _glibc)

# METADATA
# description: Holds for images that are made to compile, not to run what was compiled.
is_toolchain(reference) if _is_toolchain(_described(reference))

_is_toolchain(described) if {
	described.official in {"buildpack-deps", "dart", "gcc", "golang", "gradle", "haskell", "maven", "rust", "sbt"}
}

# Its `slim` variants hold the runtime alone.
_is_toolchain(described) if {
	described.official == "swift"
	not _tag_says(described, {"slim"})
}

_is_toolchain(described) if {
	described.official in {"eclipse-temurin", "openjdk", "ibm-semeru-runtimes", "sapmachine"}
	not _tag_says(described, {"jre"})
}

_is_toolchain(described) if _matches(described, [
	`^mcr\.microsoft\.com/dotnet(/core)?/(nightly/)?sdk:`,
	`^mcr\.microsoft\.com/(oss/go/microsoft/golang|devcontainers/.*):`,
	`^cgr\.dev/[^/]+/(go|rust|jdk|maven|gradle|gcc-glibc|dotnet-sdk):`,
	`^(clux/muslrust|ekidd/rust-musl-builder|emscripten/emsdk):`,
	`^((l\.)?gcr\.io/(google|bazel-public)/)bazel:`,
])

# METADATA
# description: Holds for images of Node.js, which also compile where a step of the build says so.
is_node(reference) if _described(reference).official == "node"

# METADATA
# description: Holds for images whose Go toolchain finds a C compiler, the Debian ones.
has_c_compiler(reference) if {
	described := _described(reference)
	described.official in {"golang", "gcc", "buildpack-deps", "rust"}
	_libc(described) == "glibc"
	not _tag_says(described, {"slim"})
}

# What the tables ask of a reference, read once.
_described(reference) := {
	"name": parts.name,
	"official": _official(parts),
	"tag": object.get(parts, "tag", "latest"),
} if {
	parts := image.parse(reference)
}

# Mirrors keep the official images under `library/` and `docker/library/`; names with an owner stand in no table.
_official(parts) := trim_prefix(trim_prefix(parts.repository, "docker/"), "library/") if {
	parts.registry in {"docker.io", "mirror.gcr.io", "public.ecr.aws"}
} else := ""

_tag_says(described, words) if {
	some word in words
	contains(described.tag, word)
}

# A pattern costs more than all else here: those below are for names that show a registry or an owner.
_matches(described, patterns) if {
	contains(described.name, "/") # for speed alone
	text := $"{described.name}:{described.tag}"
	some pattern in patterns
	regex.match(pattern, text)
}

# https://learn.microsoft.com/virtualization/windowscontainers/manage-containers/container-base-images
_is_windows(described) if _tag_says(described, {"nanoserver", "windowsservercore", "ltsc20"})

_is_windows(described) if {
	some folder in ["windows", "dotnet/framework"]
	startswith($"{described.name}/", $"mcr.microsoft.com/{folder}/")
}

# Said by the tag or the name: https://github.com/GoogleContainerTools/distroless#what-images-are-available
_says_non_root(described) if _tag_says(described, {"nonroot", "non-root", "unprivileged", "rootless"})

_says_non_root(described) if {
	some word in ["unprivileged", "nonroot", "rootless"]
	endswith(described.name, $"-{word}")
}

_root_exceptions := [
	# https://images.chainguard.dev/directory/image/wolfi-base/overview
	`^cgr\.dev/[^/]+/wolfi-base:`,
	# https://github.com/bitnami/minideb
	`^bitnami(legacy|secure)?/minideb`,
	# Docker Hardened Images, the variants to build with: https://docs.docker.com/dhi/explore/available/
	`^dhi\.io/.*:.*-dev$`,
	# https://github.com/prometheus/busybox
	`^(quay\.io/)?prom(etheus)?/(busybox|golang-builder)`,
]

_non_root := [
	# https://edu.chainguard.dev/chainguard/containers/migration/porting-apps-to-chainguard/
	`^cgr\.dev/`,
	# https://docs.docker.com/dhi/migration/checklist/
	`^dhi\.io/`,
	# .NET's chiseled and distroless images: https://github.com/dotnet/dotnet-docker/blob/main/documentation/distroless.md
	`^mcr\.microsoft\.com/dotnet/.*:.*(chiseled|distroless)`,
	# https://techdocs.broadcom.com/us/en/vmware-tanzu/bitnami-secure-images/
	`^bitnami(legacy|secure)?/`,
	# https://catalog.redhat.com: images for source-to-image run as 1001, those of OpenJDK as 185
	`^registry\.(access\.)?redhat\.(com|io)/(ubi\d+|rhel\d+)/(nodejs|python|ruby|php|perl|httpd|nginx|openjdk|go-toolset)-`,
	# The images' own documentation: USER at the end of their Dockerfiles
	`^(grafana/(grafana|loki|tempo|mimir|promtail)|prom/[a-z-]+|jenkins/(jenkins|agent|inbound-agent)|curlimages/curl):`,
	`^quay\.io/(prometheus|prometheus-operator|keycloak|jupyter|strimzi|argoproj)/`,
	`^docker\.elastic\.co/`,
	`^(apache/(airflow|kafka)|jupyter/[a-z-]+|cimg/[a-z-]+|circleci/[a-z-]+|fluent/fluentd|nginxinc/nginx-unprivileged):`,
]

# The official images that end in USER: https://github.com/docker-library/official-images
_non_root_official := {
	"elasticsearch", "groovy", "haproxy", "jetty", "kibana", "kong", "liquibase", "logstash", "memcached", "odoo",
	"solr", "sonarqube", "spark", "varnish",
}

# Their entry points start as root and change to a user of their own: `gosu` and `setpriv` in docker-entrypoint.sh.
_drops := {
	"cassandra", "couchdb", "influxdb", "mariadb", "mongo", "mysql", "neo4j", "percona", "postgres", "rabbitmq",
	"redis", "valkey", "zookeeper", "ghost", "storm", "flink", "consul", "vault", "telegraf",
}

# Official images without USER.
_root_official := {
	"adoptopenjdk", "alpine", "almalinux", "alt", "amazoncorretto", "amazonlinux", "archlinux", "bash", "buildpack-deps",
	"busybox", "caddy", "centos", "clearlinux", "clojure", "composer", "dart", "debian", "docker", "eclipse-temurin",
	"elixir", "erlang", "fedora", "gcc", "golang", "gradle", "haskell", "hello-world", "httpd", "ibm-semeru-runtimes",
	"ibmjava", "julia", "mageia", "maven", "mono", "nats", "nginx", "node", "openjdk", "oraclelinux", "perl", "photon",
	"php", "pypy", "python", "r-base", "registry", "rethinkdb", "rockylinux", "ruby", "rust", "sapmachine", "sbt", "sl", "swift",
	"tomcat", "tomee", "traefik", "ubuntu", "wordpress",
}

_root := [
	# Distroless without `nonroot` in the tag.
	`^gcr\.io/distroless/`,
	# https://learn.microsoft.com/dotnet/core/docker/container-images: APP_UID is there, and not the default
	`^mcr\.microsoft\.com/dotnet/`,
	`^mcr\.microsoft\.com/(cbl-mariner|azurelinux|playwright|devcontainers|openjdk)/`,
	# https://catalog.redhat.com/software/base-images
	`^registry\.(access\.)?redhat\.(com|io)/(ubi\d+/)?ubi(\d+)?(-minimal|-micro|-init)?(:|/)`,
	`^(redhat/ubi\d+|rockylinux/rockylinux|opensuse/(leap|tumbleweed)|quay\.io/(centos|fedora)/.*|nvidia/cuda)(-[a-z]+)?:`,
]

_without_libc := [
	# https://github.com/GoogleContainerTools/distroless/blob/main/base/README.md
	`^gcr\.io/distroless/static(-debian\d+)?:`,
	`^cgr\.dev/[^/]+/static:`,
	`^dhi\.io/static:`,
]

_glibc_official := {
	"adoptopenjdk", "almalinux", "amazoncorretto", "amazonlinux", "archlinux", "buildpack-deps", "centos", "debian",
	"eclipse-temurin", "fedora", "gcc", "golang", "httpd", "nginx", "node", "openjdk", "oraclelinux", "perl", "photon",
	"php", "pypy", "python", "rockylinux", "ruby", "rust", "swift", "tomcat", "ubuntu",
}

_glibc := [
	`^gcr\.io/distroless/(base|cc|java\d*|nodejs\d*|python\d*)(-nossl)?(-debian\d+)?:`,
	`^cgr\.dev/[^/]+/(wolfi-base|glibc-dynamic|go):`,
	`^(redhat/ubi\d+|registry\.(access\.)?redhat\.(com|io)/ubi\d+/ubi)(-minimal|-micro)?:`,
	`^mcr\.microsoft\.com/(azurelinux|cbl-mariner)/`,
]
