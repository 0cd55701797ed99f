"""Turns the command line into what the parts of the program take."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from checker import bundles, config, engine_options, nearest
from checker.errors import CheckerError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from checker.bundles import Bundle
    from checker.catalog import Catalog
    from checker.config import Configuration, Settings
    from checker.report import Report
    from checker.request import ScanRequest, StandardInput


def policies(folders: Sequence[str]) -> Bundle:
    """Return the built-in policies together with those of folders; one folder may be a bundle instead."""
    compiled = [Path(folder) for folder in folders if bundles.is_bundle(Path(folder))]
    own = [Path(folder) for folder in folders if Path(folder) not in compiled]
    for folder in own:
        if not folder.is_dir():
            message = f"{folder}: is not a folder of policies"
            raise CheckerError(message)
    if len(compiled) > 1:
        message = f"{compiled[0]} and {compiled[1]} are both compiled: compile their sources together"
        raise CheckerError(message)
    base = bundles.read(compiled[0]) if compiled else bundles.builtin()
    if not own:
        return base
    from checker import compiler

    return compiler.load(own, base)


def request(arguments: Namespace, stdin: BinaryIO) -> ScanRequest:
    """Return what to scan; raises `CheckerError` for whatever is wrong with the command line or the configuration."""
    from checker.request import ScanRequest

    settings, bundle = settled(arguments)
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    root = _root(arguments.root)
    return ScanRequest(
        open_engine=engine_options.engine(arguments, bundle),
        catalog=bundle.catalog,
        paths=tuple(path for path in arguments.paths or (".",) if path != "-"),
        standard_input=_standard_input(arguments, stdin),
        root=root,
        settings=settings,
        jobs=arguments.jobs,
        max_file_size=arguments.max_file_size,
        ignore_files=not arguments.no_ignore_files,
        fail_on_unrendered=arguments.fail_on_unrendered,
        trivy=arguments.trivy,
        started=now,
        today="" if arguments.no_waivers else now.partition("T")[0],
        waivers=_waivers(arguments, root),
        import_ignores=arguments.import_ignores,
    )


def _waivers(arguments: Namespace, root: Path | None) -> Path | None:
    """Return the file of waivers that is named, else the one at the root where there is one."""
    from checker.scan import find_root
    from checker.waivers import NAME

    if arguments.waivers is not None:
        if arguments.no_waivers:
            message = "--waivers and --no-waivers exclude each other"
            raise CheckerError(message)
        return Path(arguments.waivers)
    file = (root or find_root(Path.cwd())) / NAME
    return file if file.is_file() else None


def report(arguments: Namespace, asked: ScanRequest) -> Report:
    """Scan, and compare with what a command line names."""
    if arguments.baseline is not None and arguments.since is not None:
        message = "--baseline and --since exclude each other"
        raise CheckerError(message)
    if arguments.baseline is not None:
        from checker import compare

        return compare.with_baseline(asked, Path(arguments.baseline))
    if arguments.since is not None:
        from checker import compare

        return compare.with_revision(asked, arguments.since)
    from checker.scan import scan

    return scan(asked)


def settled(arguments: Namespace) -> tuple[Settings, Bundle]:
    """Return the settings and policies of a command line; raises `CheckerError` for what is wrong with either."""
    configuration = _configuration(arguments)
    bundle = policies(arguments.policies)
    _check_names(configuration, bundle.catalog)
    return _settings(arguments, configuration.settings), bundle


def _configuration(arguments: Namespace) -> Configuration:
    if arguments.no_config and arguments.config:
        message = "--config and --no-config exclude each other"
        raise CheckerError(message)
    file = configuration_file(arguments)
    return config.read(file) if file else config.Configuration()


def configuration_file(arguments: Namespace) -> Path | None:
    """Return the configuration file that a command line means, if there is one."""
    from checker.scan import find_root

    if arguments.no_config or arguments.config:
        return Path(arguments.config) if arguments.config else None
    here = Path.cwd()
    found = config.find(here, find_root(here))
    return found and Path(os.path.relpath(found, here))


def _check_names(configuration: Configuration, catalog: Catalog) -> None:
    """Blame the line of a configuration for a rule, profile or parameter that does not exist."""
    from checker.selection import select

    for entry in configuration.entries:
        try:
            select(catalog, entry.settings)
        except CheckerError as error:
            message = f"{entry.place}: {error}"
            raise CheckerError(message) from None


def _settings(arguments: Namespace, given: Settings) -> Settings:
    """Return the configuration with what the command line replaces."""
    return given._replace(
        profiles=_chosen(arguments.profile, given.profiles),
        select=_chosen(arguments.select, given.select),
        ignore=_chosen(arguments.ignore, given.ignore),
        exclude=_chosen(arguments.exclude, given.exclude),
        fail_on=arguments.fail_on or given.fail_on,
    )


def _chosen(typed: list[str] | None, configured: tuple[str, ...]) -> tuple[str, ...]:
    return configured if typed is None else tuple(typed)


def _standard_input(arguments: Namespace, stdin: BinaryIO) -> StandardInput | None:
    from checker import normalizers
    from checker.request import StandardInput

    if "-" not in arguments.paths:
        if arguments.kind is not None or arguments.stdin_name != "stdin":
            message = "--kind and --stdin-name describe standard input: give - as a path"
            raise CheckerError(message)
        return None
    if arguments.kind is not None and normalizers.of_kind(arguments.kind) is None:
        kinds = [normalizer.KIND for normalizer in normalizers.NORMALIZERS]
        message = f"there is no kind `{arguments.kind}`{nearest.hint(arguments.kind, kinds)}"
        raise CheckerError(message)
    return StandardInput(content(stdin, arguments.max_file_size), arguments.kind, arguments.stdin_name)


def content(stdin: BinaryIO, size: int) -> bytes:
    """Return what stands on standard input; raises `CheckerError` where it is more than `size` bytes."""
    read = stdin.read(size + 1)
    if len(read) > size:
        message = f"standard input is larger than {size:,} bytes: raise --max-file-size"
        raise CheckerError(message)
    return read


def _root(given: str | None) -> Path | None:
    if given is None:
        return None
    if not Path(given).is_dir():
        message = f"--root {given}: is no folder"
        raise CheckerError(message)
    return Path(given)


def compile_bundle(folders: Sequence[str], output: str) -> str:
    """Write a bundle of own policies, and return what there is to say about it."""
    bundle = policies(folders)
    try:
        Path(output).mkdir(parents=True, exist_ok=True)
        bundles.write(bundle, Path(output))
    except OSError as error:
        message = f"{output}: cannot be written: {error.strerror}"
        raise CheckerError(message) from None
    return f"Compiled {len(bundle.catalog.rules)} rules into {output}: scan with `--policies {output}`.\n"
