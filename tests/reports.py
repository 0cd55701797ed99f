"""Builds reports by hand, so that what answers is tested without a scan."""

from __future__ import annotations

from typing import Any, Final

from checker.catalog import Catalog, Profile
from checker.model import Finding, Frame, Parameter, Problem, Rule, Skipped, Suppression, Unrendered
from checker.report import Fixed, Notice, Report, Scanned
from checker.text import Region

PRIVILEGED = Rule(
    id="kubernetes/privileged",
    kind="kubernetes",
    name="privileged",
    title="Container runs privileged",
    description="A privileged container is root on its node.\nWhoever breaks out of it owns every pod there.\n",
    severity="critical",
    enabled="default",
    category="hardening",
    remediation="Remove `securityContext.privileged`, or set it to `false`.",
    objects=("pod",),
    references=(
        "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
        "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    ),
    frameworks={"pss": ("baseline", "restricted"), "cis-kubernetes": ("5.2.2",)},
    equivalents={"trivy": ("KSV-0017",)},
)
MEMORY = Rule(
    id="kubernetes/memory-limit-missing",
    kind="kubernetes",
    name="memory-limit-missing",
    title="Container has no memory limit",
    description="Without a limit one leak takes its neighbours down.",
    severity="medium",
    enabled="default",
    category="resources",
    remediation="Set `resources.limits.memory`, for example to `256Mi`.",
    parameters={"exempt": Parameter("array", ["istio-proxy"], "Names of containers that need none.")},
)
SECRET = Rule(
    id="env/secret-value",
    kind="env",
    name="secret-value",
    title="Env file holds a secret",
    description="Whoever reads the repository reads the secret.",
    severity="high",
    enabled="default",
    category="secrets",
    remediation="Take it from a secret store:\n\n```sh\nsource <(vault-agent env)\n```\n\nThen change it.\n",
    references=("https://12factor.net/config",),
)


def finding(rule: Rule, line: int, message: str, frame: Frame, **values: Any) -> Finding:
    """Return a finding of a Deployment's container that underlines what the frame does."""
    made = Finding(
        rule=rule.id,
        severity=rule.severity,
        path="deploy/api.yaml",
        kind="kubernetes",
        identity="apps/v1/Deployment/shop/api",
        node=("spec", "containers", 0),
        logical="spec.containers[name=api]",
        region=Region(line, frame.start + 1, line, frame.end + 1),
        message=message,
        fingerprint="0123456789abcdef:1",
        frame=frame,
    )
    return made._replace(**values)


def empty() -> Report:
    """Return the report of a scan that found no file of a known kind."""
    return Report(
        version="1.2.3",
        revision="5f1d",
        root="/home/ana/shop",
        fail_on="low",
        fail_on_unrendered=False,
        rules=(PRIVILEGED, MEMORY, SECRET),
        findings=(),
        problems=(),
        unrendered=(),
        skipped=(),
        scanned=(),
        unclaimed=2,
    )


def clean() -> Report:
    """Return the report of a scan that found nothing wrong."""
    return empty()._replace(scanned=(Scanned("deploy/api.yaml", "kubernetes", 2, 840),), unclaimed=0)


def broken() -> Report:
    """Return the report of a scan in which nothing could be checked."""
    problems = (
        Problem(
            "", "the OPA server at https://opa.example:8181 does not answer", advice="Start it, or use the engine wasm."
        ),
        Problem("Dockerfile", "COPPY is no instruction of a Dockerfile", Region(3, 1, 3, 6)),
        Problem("secret", "folder cannot be read: Permission denied"),
    )
    return empty()._replace(problems=problems, unclaimed=0)


def mixed() -> Report:
    """Return a report with something of everything: wide and unsafe characters, long lines, a suppressed finding."""
    long_line = f"    args: [{', '.join(f'--flag-{number}={number}' for number in range(40))}]"
    start = long_line.index("--flag-20")
    env = {"path": ".env.production", "kind": "env", "identity": ""}
    key = ("-----BEGIN PRIVATE KEY-----", "********", "********", "-----END PRIVATE KEY-----")
    waived = Suppression("inSource", "runs for a week only, see ticket 12", "ana", "2027-01-31", "deploy/api.yaml:119")
    return clean()._replace(
        findings=(
            finding(
                SECRET,
                2,
                "STRIPE_KEY holds a token",
                Frame(2, 2, ("STRIPE_KEY=********",), 11, 19),
                **env,
                node=("STRIPE_KEY",),
                logical="STRIPE_KEY",
                fingerprint="aaaaaaaaaaaaaaaa:1",
            ),
            finding(
                SECRET,
                4,
                "SIGNING_KEY holds a private key",
                Frame(4, 4, tuple(f"SIGNING_KEY={line}" if line == key[0] else line for line in key), 12, 39),
                **env,
                node=("SIGNING_KEY",),
                logical="SIGNING_KEY",
                region=Region(4, 13, 7, 26),
                fingerprint="bbbbbbbbbbbbbbbb:1",
            ),
            finding(
                PRIVILEGED,
                18,
                "container api runs privileged",
                Frame(
                    17, 18, ("        securityContext:", "          privileged: true", "          runAsUser: 0"), 22, 26
                ),
                node=("spec", "containers", 0, "securityContext", "privileged"),
                logical="spec.containers[name=api].securityContext.privileged",
            ),
            finding(
                MEMORY,
                18,
                "container api has no memory limit",
                Frame(
                    17, 18, ("        securityContext:", "          privileged: true", "          runAsUser: 0"), 22, 26
                ),
            ),
            finding(
                MEMORY,
                104,
                "container 漢字-\U0001f680 has no memory limit, [see this](1), \x1b[31mnot red",
                Frame(104, 104, ("\t- name: '漢字-\U0001f680' # \u202eevil",), 9, 15),
                region=Region(104, 10, 104, 17),
                logical="spec.containers[name=漢字-\U0001f680]",
            ),
            finding(
                MEMORY, 110, "container flags has no memory limit", Frame(110, 110, (long_line,), start, start + 9)
            ),
            finding(
                MEMORY,
                120,
                "container job has no memory limit",
                Frame(120, 120, ("    - name: job",), 12, 15),
                suppression=waived,
            ),
        ),
        problems=(
            Problem(
                "deploy/bröken #1.yaml",
                "mapping values are not allowed here",
                Region(7, 12, 7, 13),
                advice="Quote the value.",
            ),
        ),
        unrendered=(Unrendered("chart/templates/api.yaml", "is a Helm template"),),
        skipped=(
            *(Skipped(f"vendor/{name}/", "folder of dependencies") for name in "abcde"),
            Skipped("values.yaml", "is no manifest"),
        ),
        scanned=(
            Scanned(".env.production", "env", 1, 120),
            Scanned("deploy/api.yaml", "kubernetes", 2, 840),
        ),
        unclaimed=3,
        shown_paths={"deploy/api.yaml": "../shop/deploy/api.yaml"},
    )


def compared() -> Report:
    """Return a report that was compared with a baseline: one finding is known, one new, one gone."""
    known, new = (
        finding(rule, line, f"container {name} {what}", Frame(line, line, (f"    - name: {name}",), 12, 15), **values)
        for rule, line, name, what, values in (
            (PRIVILEGED, 8, "api", "runs privileged", {"is_known": True}),
            (MEMORY, 20, "job", "has no memory limit", {"fingerprint": "cccccccccccccccc:1"}),
        )
    )
    return clean()._replace(
        findings=(known, new),
        notices=(
            Notice(".checker-waivers.yaml", "the waiver ended on 2026-10-31", Region(3, 3, 6, 20)),
            Notice("deploy/api.yaml", "the waiver of kubernetes/host-ports suppresses nothing", Region(19, 5, 19, 40)),
        ),
        compared="checker-baseline.json",
        fixed=(Fixed(SECRET.id, ".env", "API_KEY holds a token", "dddddddddddddddd:1"),),
    )


EMPTY: Final = empty()
CLEAN: Final = clean()
BROKEN: Final = broken()
MIXED: Final = mixed()
COMPARED: Final = compared()
REPORTS: Final = {"mixed": MIXED, "clean": CLEAN, "empty": EMPTY, "broken": BROKEN, "compared": COMPARED}
"""Each has complete golden files in tests/golden."""

CATALOG: Final = Catalog(
    "5f1d",
    {rule.id: rule for rule in EMPTY.rules},
    {
        "default": Profile("default", "", (PRIVILEGED.id, MEMORY.id)),
        "strict": Profile("strict", "", (PRIVILEGED.id, MEMORY.id, SECRET.id)),
    },
)
