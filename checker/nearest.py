"""Finds the valid word that is most like a wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def hint(word: str, words: Iterable[str]) -> str:
    """Return the end of an error message that names the nearest word, empty where there is none.

    A name alone is like the ids that end in it: `privilegd` is nearest to `kubernetes/privileged`.
    """
    from difflib import get_close_matches

    by_name = {known.rpartition("/")[2] if "/" not in word else known: known for known in words}
    close = get_close_matches(word, by_name, n=1, cutoff=0.0)
    return f": did you mean `{by_name[close[0]]}`?" if close else ""
