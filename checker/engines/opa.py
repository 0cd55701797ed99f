"""Evaluates rules on a running OPA server."""

from __future__ import annotations

import threading
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from checker import entrypoints
from checker.engines import uploads
from checker.engines.answers import AnswerError
from checker.engines.evaluator import Evaluator
from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from opa_client import OpaClient

    from checker.bundles import Bundle
    from checker.engines import Evaluation
    from checker.model import JSON, Document, Selection

SECONDS: Final = 30.0
"""How long the server may be silent by default."""

RETRIES: Final = 2
"""How often a connection that fails is tried again; what was sent is not sent twice."""


class Server(NamedTuple):
    """Says where an OPA server is and how to trust it; paths name PEM files."""

    url: str
    token: str = ""
    authorities: str = ""
    """Certificates that the server's is checked against, instead of those that `requests` brings."""
    certificate: str = ""
    key: str = ""
    insecure: bool = False
    """Whether plain http is allowed beyond this machine."""

    def __repr__(self) -> str:
        return f"Server(url={self.url!r})"


class OpaEngine:
    """Evaluates the selected rules of a bundle on a server, to which it uploads them under their revision's name."""

    def __init__(self, bundle: Bundle, selection: Selection, server: Server, *, seconds: float = SECONDS) -> None:
        """Raise `CheckerError` for a URL that cannot be used; the server is asked with the first document."""
        self.revision = bundle.catalog.revision
        self._bundle = bundle
        self._seconds = seconds
        self._connect = _connector(server)
        self._evaluator = Evaluator(bundle.catalog, selection, self._ask, seconds)
        self._lock = threading.Lock()
        self._local = threading.local()
        self._clients: list[OpaClient] = []
        self._uploaded = False
        self._away = ""

    def evaluate(self, document: Document, seconds: float | None = None) -> Evaluation:
        """Evaluate the selected rules of the document's kind, and its facts where a project rule is selected."""
        return self._evaluator.document(document, seconds)

    def evaluate_project(self, documents: JSON) -> Evaluation:
        """Evaluate the selected project rules over `[{id, kind, source, facts}]`."""
        return self._evaluator.project(documents)

    def close(self) -> None:
        """Close all connections; what was uploaded stays for the next scan."""
        while self._clients:
            self._clients.pop().close_connection()

    def _ask(self, kind: str, request: JSON, seconds: float) -> Any:
        client = self._client()
        self._upload(client)
        client.timeout = max(seconds, 0.001)
        path = entrypoints.path(kind, uploads.root(self.revision))
        answer = self._call(lambda: client.query_rule(request, path, query_params={"strict-builtin-errors": "true"}))
        if not isinstance(answer, dict) or "result" not in answer:
            message = "the OPA server does not hold the policies"
            raise AnswerError(message, concerns_rule=False)
        return answer["result"]

    def _upload(self, client: OpaClient) -> None:
        with self._lock:
            if not self._uploaded:
                client.timeout = self._seconds
                self._call(lambda: uploads.upload(client, self._bundle))
                self._uploaded = True

    def _call(self, call: Callable[[], Any]) -> Any:
        """Return what a call returns; raises `AnswerError` that quotes nothing of what was sent or came back."""
        import requests
        from opa_client.errors import RegoParseError

        if self._away:
            raise AnswerError(self._away, concerns_rule=False)
        try:
            return call()
        except (requests.JSONDecodeError, KeyError, AttributeError):
            message = "the OPA server answers with something that OPA does not say"
            raise AnswerError(message, concerns_rule=False) from None
        except requests.exceptions.InvalidJSONError:
            message = "no JSON"
            raise ValueError(message) from None
        except requests.HTTPError as error:
            status = error.response.status_code if error.response is not None else 0
            # A server that answers 500 could not evaluate the policies for this document, and others may be fine.
            failed = status == requests.codes.internal_server_error
            reason = "the evaluation fails" if failed else f"the OPA server answers with status {status}"
            raise AnswerError(reason, concerns_rule=failed) from None
        except requests.Timeout as error:
            away = isinstance(error, requests.ConnectTimeout)
            reason = f"the OPA server does not answer within {self._seconds:g} s"
            raise self._gone(reason, away=away, out_of_time=True) from None
        except requests.RequestException as error:
            reason = f"the OPA server cannot be reached ({type(error).__name__})"
            raise self._gone(reason, away=True) from None
        except RegoParseError:
            reason = "the OPA server refuses the policies: OPA 1.12 or newer is needed"
            raise self._gone(reason, away=True) from None

    def _gone(self, reason: str, *, away: bool, out_of_time: bool = False) -> AnswerError:
        """Return the error, and remember it where every further document would only wait for the same."""
        if away:
            self._away = reason
        return AnswerError(reason, concerns_rule=False, out_of_time=out_of_time)

    def _client(self) -> OpaClient:
        """Return the connection of this thread."""
        client = getattr(self._local, "client", None)
        if client is None:
            client = self._connect()
            self._local.client = client
            self._clients.append(client)
        return client


def _connector(server: Server) -> Callable[[], OpaClient]:
    """Return what makes connections; raises `CheckerError` for a URL that does not name a server, or not safely."""
    shown = f"--opa-url {server.url}"
    try:
        url = urlsplit(server.url)
        port = url.port
    except ValueError:
        message = f"{shown}: is no URL"
        raise CheckerError(message) from None
    if url.username or url.password:
        message = "--opa-url: holds a user name or password, which an OPA server does not read: give a token"
        raise CheckerError(message)
    if url.scheme not in ("http", "https") or not url.hostname:
        message = f"{shown}: is no URL of the form https://host:8181"
        raise CheckerError(message)
    if url.path.strip("/") or url.query or url.fragment:
        message = f"{shown}: has a path, where only scheme, host and port can be given: OPA's API lies at the root"
        raise CheckerError(message)
    secure = url.scheme == "https"
    if not secure and not server.insecure and not _is_loopback(url.hostname):
        message = f"{shown}: would send documents unencrypted to another machine: use https, or --opa-insecure"
        raise CheckerError(message)
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    return lambda: _open(host, port or (443 if secure else 80), server, secure=secure)


def _open(host: str, port: int, server: Server, *, secure: bool) -> OpaClient:
    from opa_client import OpaClient

    client = OpaClient(
        host=host,
        port=port,
        ssl=(server.authorities or True) if secure else False,
        cert=(server.certificate, server.key) if server.key else server.certificate or None,
        token=server.token or None,
        retries=RETRIES,
    )
    # Only what was asked for decides where documents go: no proxy or .netrc of the environment, no redirection.
    session = client._session  # noqa: SLF001 - the library offers no other way
    session.trust_env = False
    session.max_redirects = 0
    return client


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
