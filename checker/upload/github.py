"""Speaks to GitHub's code scanning API.

https://docs.github.com/en/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data
"""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from checker import __version__
from checker.errors import CheckerError
from checker.upload import refusals

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

    from checker.model import JSON
    from checker.upload.patience import Patience
    from checker.upload.revision import Target

_VERSION: Final = "2022-11-28"
_CONNECTING: Final = 10.0
_ANSWERING: Final = 60.0


class GitHub:
    """Sends results of one commit; the token is sent to the API's own host and is in no message."""

    def __init__(self, target: Target, token: str, patience: Patience) -> None:
        import requests

        self._target = target
        self._token = token
        self._patience = patience
        self._host = urlsplit(target.api).netloc
        self._url = f"{target.api}/repos/{target.repository}/code-scanning/sarifs"
        self._session = requests.Session()
        # proxies of the environment see what is not encrypted: what goes to this machine goes there directly
        self._session.trust_env = target.api.startswith("https:")
        self._session.auth = self._authorize
        self._session.headers.update(
            {
                "Accept": "application/vnd.github+json, application/json",
                "User-Agent": f"checker/{__version__}",
                "X-GitHub-Api-Version": _VERSION,
            }
        )

    def upload(self, packed: bytes, tool: str) -> str:
        """Send a log compressed by gzip and return the id of the delivery; raises `CheckerError` where it is refused.

        GitHub replaces what it has of the same commit, ref, tool and category, so that sending again what arrived
        though the answer was lost does no harm.
        """
        body = {
            "commit_sha": self._target.commit,
            "ref": self._target.ref,
            "sarif": base64.b64encode(packed).decode("ascii"),
            "tool_name": tool,
        }
        return str(self._answer("POST", self._url, HTTPStatus.ACCEPTED, "id", body)["id"])

    def errors(self, delivery: str) -> tuple[str, ...]:
        """Wait until a delivery is processed and return why it failed, nothing where it did not."""
        # the address that the server gives is not used: the token would follow it anywhere
        url = f"{self._url}/{quote(delivery, safe='')}"
        while True:
            answer = self._answer("GET", url, HTTPStatus.OK, "processing_status")
            if answer["processing_status"] == "complete":
                return ()
            if answer["processing_status"] == "failed":
                told = (str(error).replace(self._token, "***") for error in answer.get("errors") or ())
                return tuple(told) or ("GitHub gives no reason",)
            self._patience.poll()

    def _authorize(self, request: PreparedRequest) -> PreparedRequest:
        """Add the token; as the session's own authentication it is not replaced by that of a .netrc."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def _answer(self, method: str, url: str, expected: HTTPStatus, key: str, body: JSON = None) -> dict[str, JSON]:
        """Return an answer that has a key, however many attempts it takes; raises `CheckerError` where none helps."""
        while True:
            response = self._attempt(method, url, body)
            if response is None:
                self._patience.try_again(f"the connection to {self._host} was lost", None)
                continue
            if response.status_code == expected:
                answer = _content(response)
                if key in answer:
                    return answer
                self._patience.try_again(f"the answer of {self._host} cannot be read", None)
                continue
            asked = self._patience.asked(response.status_code, response.headers)
            if asked is None and response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise CheckerError(refusals.sentence(response, self._token))
            is_limit = response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
            trouble = "limits requests" if is_limit else "is in trouble"
            self._patience.try_again(f"{self._host} {trouble} ({response.status_code})", asked)

    def _attempt(self, method: str, url: str, body: JSON) -> Response | None:
        """Return whatever answer there is, or None where the connection was lost before all of it was there."""
        from requests import RequestException

        waiting = min(_CONNECTING, self._patience.left), min(_ANSWERING, self._patience.left)
        try:
            # a redirect could lead the token, or the results, to another host
            return self._session.request(method, url, json=body, timeout=waiting, allow_redirects=False)
        except RequestException as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                message = f"{self._host}: its certificate is not trusted: REQUESTS_CA_BUNDLE may name the authority's"
                raise CheckerError(message) from None
            return None
        except OSError:  # what requests raises where its bundle is not there
            message = "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names a file that cannot be read"
            raise CheckerError(message) from None


def _content(response: Response) -> dict[str, JSON]:
    """Return the object that an answer is, an empty one where it is none."""
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
