"""Says what to do about an answer that trying again would not change."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from checker.display import printable

if TYPE_CHECKING:
    from requests import Response

_MAX_WORDS: Final = 1_000

_ADVICE: Final[dict[int, str]] = {
    HTTPStatus.BAD_REQUEST: "GitHub refuses the request (400){words}",
    HTTPStatus.UNAUTHORIZED: (
        "GitHub does not accept the token (401){words}:"
        " it is wrong, has expired, or belongs to another GitHub than {host}"
    ),
    HTTPStatus.FORBIDDEN: (
        "GitHub forbids the upload (403){words}: the token needs `security-events: write`"
        " (a token of a person: `security_events`), and the repository code scanning:"
        " private ones need GitHub Code Security, archived ones take nothing"
    ),
    HTTPStatus.NOT_FOUND: (
        "GitHub knows no such repository, or the token has no access to it (404){words}:"
        " see --repository, --api-url and what the token may read"
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "the results are too large for the server (413){words}: scan fewer folders at once, with a --category for each"
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: "GitHub refuses the results (422){words}",
}


def sentence(response: Response, token: str) -> str:
    """Return what an answer means, with the server's own words, in which a token that it repeats is not shown."""
    host = urlsplit(response.url).netloc
    if response.is_redirect:
        there = printable(urlsplit(response.headers["location"]).netloc) or host
        return (
            f"{host} redirects to {there} ({response.status_code}), and the token is sent nowhere else:"
            " was the repository renamed? See --repository and --api-url"
        )
    unknown = f"{host} answers {response.status_code}{{words}}, which GitHub's API does not: see --api-url"
    return _ADVICE.get(response.status_code, unknown).format(words=_words(response, token), host=host)


def _words(response: Response, token: str) -> str:
    """Return the message of an answer, and those of its errors, as the end of a clause."""
    try:
        answer = response.json()
        parts = [answer["message"], *map(_detail, answer.get("errors") or [])]
        said = "; ".join(part for part in parts if part)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    return f": {printable(' '.join(said.replace(token, '***').split())[:_MAX_WORDS])}" if said else ""


def _detail(error: object) -> str:
    """Return an error of a list: words, or an object that holds them (both occur)."""
    return str(error.get("message") or "") if isinstance(error, dict) else str(error)
