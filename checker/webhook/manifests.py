"""Writes what is to be applied to a cluster, as YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checker.webhook import issuers, network, registration, workload

if TYPE_CHECKING:
    from checker.webhook.installation import Installation, Manifest


def manifests(one: Installation) -> list[Manifest]:
    """Return all objects, each after those that it needs, the registration last."""
    return [
        workload.namespace(one),
        workload.quota(one),
        workload.account(one),
        *([workload.configuration(one)] if one.configuration else []),
        *([] if one.tls_secret else issuers.manifests(one)),
        workload.deployment(one),
        workload.budget(one),
        network.service(one),
        network.policy(one),
        *([network.monitor(one)] if one.service_monitor else []),
        registration.registration(one),
    ]


def render(one: Installation) -> str:
    """Return the objects as YAML documents, with comments above them."""
    return "".join(f"---\n{_commented(manifest.comment)}{_yaml(manifest.object)}" for manifest in manifests(one))


def _commented(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())


def _yaml(data: dict[str, Any]) -> str:
    import yaml

    class _Dumper(yaml.SafeDumper):
        """Writes texts of several lines as blocks, and quotes what another parser may take for a number."""

        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - each object is read by itself
            return True

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        style = "|" if "\n" in value else '"' if value[:1] in "0123456789+-." else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    _Dumper.add_representer(str, text)
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)
