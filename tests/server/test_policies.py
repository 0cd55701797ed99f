"""Tests that new policies take the place of old ones at once, and broken ones never."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from checker import bundles, catalog, compiler, config, serve_commands
from checker.admission import Admission
from checker.arguments import parser
from checker.bundles import Bundle
from checker.engines.wasm import WasmEngine
from checker.errors import CheckerError
from checker.model import Selection
from checker.server.policies import Policies
from tests.admission.reviews import NOW, pod, response, review
from tests.rules import rule, write

NEVER = 'deny contains {"path": [], "message": "never"} if input.metadata.name == "web"'
BODY = review(pod())


class Engines:
    """Counts the engines that are open."""

    def __init__(self) -> None:
        self.opened = 0
        self.closed = 0

    def open(self, bundle: Bundle, selection: Selection) -> WasmEngine:
        self.opened += 1
        engine = WasmEngine(bundle, selection)
        close = engine.close

        def closed() -> None:
            self.closed += 1
            close()

        engine.close = closed  # type: ignore[method-assign] # what is real is counted
        return engine


@pytest.fixture(scope="module")
def compiled(program: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Return the built-in policies with a rule that denies the Pod `web`."""
    own = write(
        tmp_path_factory.mktemp("own"), {"kubernetes/never": rule("kubernetes/never", NEVER).replace("low", "high")}
    )
    return compiler.compile_policies([own], bundles.builtin(), program("opa"))


class Door:
    """Holds policies that are read from a bundle and a configuration in a folder."""

    def __init__(self, folder: Path) -> None:
        self.bundle = folder / "bundle"
        self.config = folder / "checker.yaml"
        self.engines = Engines()
        self.put(bundles.builtin())
        self.config.write_text("profile: default\n")
        names = (bundles.DIGEST, bundles.CATALOG, bundles.MODULE)
        self.policies = Policies(self.load, [self.config, *(self.bundle / name for name in names)])

    def put(self, bundle: Bundle) -> None:
        shutil.rmtree(self.bundle, ignore_errors=True)
        self.bundle.mkdir()
        bundles.write(bundle, self.bundle)

    def load(self) -> Admission:
        bundle = bundles.read(self.bundle)
        settings = config.read(self.config).settings
        return Admission(bundle, settings, partial(self.engines.open, bundle))

    def allows(self) -> bool:
        with self.policies.admission() as admission:
            return admission.decide(BODY, "", NOW).allowed


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


def test_without_a_change_nothing_is_read_again(door: Door) -> None:
    assert not door.policies.check()
    assert (door.engines.closed, door.policies.problem) == (0, "")


def test_a_new_bundle_decides_from_the_next_request_on(door: Door, compiled: Bundle) -> None:
    assert door.allows()
    before = door.policies.revision
    door.put(compiled)
    assert door.policies.check()
    assert not door.allows()
    assert (before, door.policies.revision) == (bundles.builtin().catalog.revision, compiled.catalog.revision)
    assert door.engines.closed == door.engines.opened / 2
    door.policies.close()
    assert door.engines.closed == door.engines.opened


def test_a_new_configuration_decides_too(door: Door) -> None:
    door.config.write_text("ignore: [kubernetes/*]\nadmission:\n  modes:\n    - mode: ignore\n")
    assert door.policies.check()
    assert door.policies.problem == ""


def test_old_policies_stay_open_until_their_last_request(door: Door, compiled: Bundle) -> None:
    with door.policies.admission() as old:
        door.put(compiled)
        assert door.policies.check()
        assert door.engines.closed == 0
        assert old.decide(BODY, "", NOW).allowed
    assert door.engines.closed == door.engines.opened / 2


@pytest.mark.parametrize("name", [bundles.DIGEST, bundles.CATALOG, bundles.MODULE])
def test_a_broken_bundle_keeps_the_old_one_and_is_told_at_the_second_look(door: Door, name: str) -> None:
    (door.bundle / name).write_bytes(b"{}")
    assert not door.policies.check()
    assert door.policies.problem == ""
    assert not door.policies.check()
    assert door.policies.problem.startswith(str(door.bundle))
    assert not door.policies.check()
    assert door.allows()
    door.put(bundles.builtin())
    assert door.policies.check()
    assert door.policies.problem == ""


def test_a_bundle_that_is_gone_keeps_the_old_one(door: Door) -> None:
    shutil.rmtree(door.bundle)
    assert [door.policies.check(), door.policies.check()] == [False, False]
    assert door.policies.problem
    assert door.allows()


def test_what_was_a_bundle_is_never_compiled_as_a_folder_of_rego(door: Door) -> None:
    line = ["serve", "--certificate", "a", "--key", "b", "--no-config", "--policies", str(door.bundle)]
    _, open_policies = serve_commands.service(parser().parse_args(line))
    policies = open_policies()
    (door.bundle / bundles.DIGEST).unlink()
    assert [policies.check(), policies.check()] == [False, False]
    assert policies.problem == f"{door.bundle}: is no bundle any more"
    policies.close()


def test_a_bundle_that_is_half_copied_is_waited_for(door: Door, compiled: Bundle, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    bundles.write(compiled, whole)
    shutil.copyfile(whole / bundles.DIGEST, door.bundle / bundles.DIGEST)
    assert not door.policies.check()
    shutil.copytree(whole, door.bundle, dirs_exist_ok=True)
    assert door.policies.check()
    assert door.policies.problem == ""
    assert not door.allows()


def test_a_bundle_whose_sources_come_last_is_used_although_it_was_called_broken(door: Door, compiled: Bundle) -> None:
    door.put(compiled)
    source = next(path for path in sorted(door.bundle.rglob("*.rego")))
    content = source.read_bytes()
    source.unlink()
    assert [door.policies.check() for _ in range(5)] == [False] * 5
    problem = f"{door.bundle}: is not a complete bundle: compile it again with `checker compile`"
    assert (door.policies.problem, door.policies.rejections, door.allows()) == (problem, 1, True)
    source.write_bytes(content)
    assert [door.policies.check() for _ in range(5)] == [False, False, False, False, True]
    assert (door.policies.problem, door.policies.rejections, door.allows()) == ("", 1, False)


def test_each_broken_state_is_counted_once(door: Door) -> None:
    def broken(digest: bytes) -> int:
        (door.bundle / bundles.DIGEST).write_bytes(digest)
        assert not any(door.policies.check() for _ in range(30))
        return door.policies.rejections

    assert [broken(b"1"), broken(b"2"), broken(b"3")] == [1, 2, 3]


def test_a_broken_configuration_keeps_the_old_one(door: Door) -> None:
    door.config.write_text("profil: default\n")
    assert [door.policies.check(), door.policies.check()] == [False, False]
    assert door.policies.problem.startswith(f"{door.config}:1: ")
    assert door.allows()


def test_policies_that_give_no_answer_are_not_used(door: Door, compiled: Bundle) -> None:
    stated = json.loads((door.bundle / bundles.CATALOG).read_bytes())
    stated["revision"] = compiled.catalog.revision
    (door.bundle / bundles.CATALOG).write_text(json.dumps(stated))
    forged = bundles.Bundle(
        catalog.load(door.bundle / bundles.CATALOG),
        bundles.builtin().module,
        bundles.builtin().files,
    )
    door.put(forged)
    opened = door.engines.opened
    assert [door.policies.check(), door.policies.check()] == [False, False]
    assert "the answer comes from other policies" in door.policies.problem
    assert door.engines.closed == door.engines.opened - opened
    assert door.allows()


def test_whatever_goes_wrong_while_reading_keeps_the_old_ones(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Path) -> Bundle:
        message = "zK8mP2vQ9xL4wN7rT3"
        raise RuntimeError(message)

    monkeypatch.setattr(bundles, "read", fails)
    door.config.write_text("profile: strict\n")
    assert [door.policies.check(), door.policies.check()] == [False, False]
    assert door.policies.problem == "they cannot be read (RuntimeError)"
    assert door.allows()


def test_the_first_policies_must_be_whole(tmp_path: Path) -> None:
    with pytest.raises(CheckerError, match=r"is not a catalog of policies \(FileNotFoundError\)"):
        Policies(lambda: Admission(bundles.read(tmp_path), config.Settings(), Engines().open), [tmp_path])  # type: ignore[arg-type] # is not reached


def test_requests_meet_one_revision_each_while_bundles_are_replaced(door: Door, compiled: Bundle) -> None:
    allowed = {bundles.builtin().catalog.revision: True, compiled.catalog.revision: False}

    def decide(_: int) -> bool:
        with door.policies.admission() as admission:
            answer = response(admission.decide(BODY, "", NOW))
        return bool(allowed[answer["auditAnnotations"]["revision"]] == answer["allowed"])

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(decide, range(400))
        for number in range(20):
            door.put(compiled if number % 2 else bundles.builtin())
            door.policies.check()
        assert all(answers)
    door.policies.close()
    assert door.engines.closed == door.engines.opened
