"""Describes the command lines that install the webhook."""

from __future__ import annotations

import argparse
import re
from typing import Final

from checker.argument_types import positive
from checker.webhook import NAMESPACE

_DNS_LABEL: Final = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_DNS_NAME: Final = re.compile(r"(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
_LABEL_KEY: Final = re.compile(
    r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?", re.ASCII
)
_IMAGE: Final = re.compile(
    r"[a-z0-9][a-zA-Z0-9._-]*(:\d+)?(/[a-z0-9._-]+)*(:\w[\w.-]*)?(@sha256:[0-9a-f]{64})?", re.ASCII
)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `manifests` and `chart` to the commands of the webhook."""
    _manifests(commands)
    text = "Write the Helm chart, which installs what `manifests` prints."
    chart = commands.add_parser("chart", help="write the Helm chart", description=text)
    chart.add_argument("folder", metavar="DIR", help="folder to write to")


def _manifests(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "Print what installs the webhook, for `kubectl apply -f -`."
    manifests = commands.add_parser("manifests", help="print what to apply", description=text)
    manifests.set_defaults(exclude=None, fail_on=None, select=None, ignore=None, policies=[])
    manifests.add_argument("--image", metavar="IMAGE", required=True, type=image, help="should name a digest")
    manifests.add_argument("--namespace", metavar="NAME", type=label, default=NAMESPACE, help=f"default: {NAMESPACE}")
    manifests.add_argument("--replicas", metavar="N", type=positive, default=2, help="default: 2")
    certificate = manifests.add_argument_group("certificate (one of the two ways)")
    certificate.add_argument("--cert-manager", action="store_true", help="let cert-manager issue and renew it")
    certificate.add_argument("--ca-bundle", metavar="FILE", help="certificates that it is checked against")
    certificate.add_argument(
        "--tls-secret", metavar="NAME", type=name, help="Secret with tls.crt and tls.key, for --ca-bundle"
    )
    decisions = manifests.add_argument_group("decisions")
    decisions.add_argument("--config", metavar="FILE", help="put this .checker.yaml into a ConfigMap (default: none)")
    decisions.add_argument("--profile", metavar="NAME", action="append", help="rules to start from (default: default)")
    decisions.add_argument(
        "--profile-label",
        metavar="LABEL",
        type=label_key,
        help="label of namespaces whose value names their profile (default: none chooses)",
    )
    decisions.add_argument(
        "--failure-policy",
        choices=("Ignore", "Fail"),
        default="Ignore",
        help="of requests that no replica answers (default: Ignore)",
    )
    decisions.add_argument(
        "--opa-url", metavar="URL", action="append", type=url, help="let this OPA server run the rules (repeatable)"
    )
    metrics = manifests.add_argument_group("metrics")
    metrics.add_argument(
        "--metrics-namespace", metavar="NAME", type=label, default="monitoring", help="may read (default: monitoring)"
    )
    metrics.add_argument("--service-monitor", action="store_true", help="print one for the Prometheus Operator")


def image(text: str) -> str:
    """Return the reference of an image; raises `ArgumentTypeError` for what cannot be one."""
    return _matching(text, _IMAGE, "image")


def label(text: str) -> str:
    """Return the name of a namespace; raises `ArgumentTypeError` for what cannot be one."""
    return _matching(text, _DNS_LABEL, "name of a namespace")


def name(text: str) -> str:
    """Return the name of an object; raises `ArgumentTypeError` for what cannot be one."""
    return _matching(text, _DNS_NAME, "name of an object")


def label_key(text: str) -> str:
    """Return the key of a label; raises `ArgumentTypeError` for what cannot be one."""
    return _matching(text, _LABEL_KEY, "label")


def url(text: str) -> str:
    """Return an address; raises `ArgumentTypeError` for one that is not complete, or holds a password."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        is_good = parts.scheme == "https" and parts.hostname and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        is_good = False
    if not is_good:
        message = "is no address such as https://opa.example:8181"
        raise argparse.ArgumentTypeError(message)
    return text


def _matching(text: str, pattern: re.Pattern[str], what: str) -> str:
    if not pattern.fullmatch(text):
        message = f"{text!r} is no {what}"
        raise argparse.ArgumentTypeError(message)
    return text
