"""Holds the policies in force, and puts new ones in their place."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Final, TypeAlias

from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from checker.admission import Admission

_TRIES: Final = 2
"""How often files are read before they are called broken: who copies them may not be at the end."""

_PAUSE: Final = 10
"""At every how many checks broken files are read again: what mends them may lie elsewhere, like an engine."""

_Stamp: TypeAlias = tuple[tuple[int, int, int] | None, ...]


class _Held:
    """Counts who uses an admission."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        self.users = 0


class Policies:
    """Gives each request the admission of its moment; every method may be called from several threads."""

    def __init__(self, load: Callable[[], Admission], files: Sequence[Path]) -> None:
        """Load for the first time; `files` are those whose change says that `load` gives something else.

        Raises what `load` raises.
        """
        self._load = load
        self._files = tuple(files)
        self._lock = Lock()
        self._checking = Lock()
        self._seen = self._stamp()
        self._looks = 0
        self._held = _Held(load())
        self.problem = ""
        """Why what lies in the files is not used; empty where it is."""
        self.rejections = 0
        """How many states of the files were called broken."""

    @property
    def revision(self) -> str:
        """Return the revision of the policies in force."""
        return self._held.admission.revision

    @property
    def watched(self) -> list[str]:
        """Return the files whose change is seen; folders of Rego are read at the start only."""
        return [str(file) for file in self._files]

    @contextmanager
    def admission(self) -> Iterator[Admission]:
        """Give what decides now, which stays open until the block ends."""
        with self._lock:
            held = self._held
            held.users += 1
        try:
            yield held.admission
        finally:
            with self._lock:
                held.users -= 1
                is_last = held is not self._held and held.users == 0
            if is_last:
                held.admission.close()

    def check(self) -> bool:
        """Look for a change, and tell whether other policies decide now; what is broken changes only `problem`."""
        with self._checking:
            stamp = self._stamp()
            if stamp != self._seen:
                self._seen, self._looks = stamp, 1
            elif self._looks:
                self._looks += 1
            if not self._looks or (self._looks > _TRIES and self._looks % _PAUSE):
                return False
            try:
                admission = self._opened()
            except CheckerError as error:
                self._reject(str(error))
                return False
            self._looks = 0
            self.problem = ""
            self._replace(admission)
            return True

    def close(self) -> None:
        """Release what decides; nothing may be decided afterwards."""
        self._held.admission.close()

    def _reject(self, problem: str) -> None:
        """Remember why files are broken that nobody waits for; the same problem of the same files counts once."""
        if self._looks == _TRIES or (self._looks > _TRIES and problem != self.problem):
            self.rejections += 1
        if self._looks >= _TRIES:
            self.problem = problem

    def _opened(self) -> Admission:
        """Return what decides by the files as they are; raises `CheckerError` where it cannot."""
        try:
            admission = self._load()
        except CheckerError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the files, the policies in force stay
            message = f"they cannot be read ({type(error).__name__})"
            raise CheckerError(message) from None
        reasons = admission.warm()
        if reasons:
            admission.close()
            raise CheckerError("; ".join(reasons))
        return admission

    def _replace(self, admission: Admission) -> None:
        with self._lock:
            old, self._held = self._held, _Held(admission)
            is_idle = old.users == 0
        if is_idle:
            old.admission.close()

    def _stamp(self) -> _Stamp:
        """Return what changes when a file does, without reading it: volumes move a link, copies are written again."""
        return tuple(_state(file) for file in self._files)


def _state(file: Path) -> tuple[int, int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
