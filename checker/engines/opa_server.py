"""Asks one running OPA server."""

from __future__ import annotations

import threading
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from checker import entrypoints
from checker.engines import uploads
from checker.engines.answers import AnswerError
from checker.errors import CheckerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from opa_client import OpaClient

    from checker.bundles import Bundle
    from checker.model import JSON

RETRIES: Final = 2
"""How often a connection that fails is tried again, where there is no other server; what was sent is not sent twice."""


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


class ServerError(AnswerError):
    """Says in one clause what is wrong with a server, rather than with a document or a rule.

    `is_away` tells whether every further document would only meet the same.
    """

    def __init__(self, reason: str, *, is_away: bool = False, out_of_time: bool = False) -> None:
        super().__init__(reason, concerns_rule=False, out_of_time=out_of_time)
        self.is_away = is_away


class _DroppedError(ServerError):
    """Tells that the server closed the connection: a kept one may have been closed while nothing was asked."""


class Remote:
    """Keeps the connections of this process to one server, one a thread."""

    def __init__(self, server: Server, bundle: Bundle, seconds: float, *, retries: int) -> None:
        """Raise `CheckerError` for a URL that cannot be used; nothing is asked yet."""
        self.url = server.url
        self._connect = _connector(server)
        self._retries = retries
        self._bundle = bundle
        self._seconds = seconds
        self._lock = threading.Lock()
        self._local = threading.local()
        self._clients: list[OpaClient] = []
        self._uploaded: frozenset[str] = frozenset()
        """The kinds whose policies the server holds, as far as this process knows."""
        self._asked: frozenset[str] = frozenset()
        """The kinds whose policies it should hold."""

    def ask(self, kind: str, request: JSON, seconds: float) -> Any:
        """Return what the policies of a kind answer, which are uploaded first where that was not done.

        Raises `AnswerError`.
        """
        self._upload(self._client(), kind)
        path = entrypoints.path(kind, uploads.root(self._bundle.catalog.revision))
        try:
            answer = self._query(path, request, seconds)
        except _DroppedError:
            answer = self._query(path, request, seconds)
        if not isinstance(answer, dict) or "result" not in answer:
            self._uploaded -= {kind}
            message = "the OPA server does not hold the policies"
            raise ServerError(message)
        return answer["result"]

    def is_well(self, seconds: float) -> bool:
        """Ask the server whether it is well, and give it the policies if it lost them."""
        client = self._connect(0)
        client.timeout = seconds
        try:
            if not client.check_health():
                return False
            self._uploaded = frozenset()
            for kind in self._asked:
                self._upload(client, kind)
        except AnswerError:
            return False
        finally:
            client.close_connection()
        return True

    def close(self) -> None:
        """Close all connections; what was uploaded stays for the next scan."""
        while self._clients:
            self._clients.pop().close_connection()

    def _upload(self, client: OpaClient, kind: str) -> None:
        """Make sure that the server holds the policies of a kind."""
        with self._lock:
            self._asked |= {kind}
            if kind not in self._uploaded:
                client.timeout = self._seconds
                self._call(lambda: uploads.upload(client, self._bundle, kind))
                self._uploaded |= {kind}

    def _query(self, path: str, request: JSON, seconds: float) -> Any:
        client = self._client()
        client.timeout = max(seconds, 0.001)
        parameters = {"strict-builtin-errors": "true"}
        return self._call(lambda: client.query_rule(request, path, query_params=parameters))

    def _call(self, call: Callable[[], Any]) -> Any:
        """Return what a call returns; raises `AnswerError` that quotes nothing of what was sent or came back."""
        import requests
        from opa_client.errors import RegoParseError

        try:
            return call()
        except (requests.JSONDecodeError, KeyError, AttributeError):
            message = "the OPA server answers with something that OPA does not say"
            raise ServerError(message) from None
        except requests.exceptions.InvalidJSONError:
            message = "no JSON"
            raise ValueError(message) from None
        except requests.HTTPError as error:
            status = error.response.status_code if error.response is not None else 0
            # A server that answers 500 could not evaluate the policies for this document, and others may be fine.
            if status == requests.codes.internal_server_error:
                message = "the evaluation fails"
                raise AnswerError(message) from None
            message = f"the OPA server answers with status {status}"
            raise ServerError(message) from None
        except requests.Timeout as error:
            message = f"the OPA server does not answer within {self._seconds:g} s"
            is_away = isinstance(error, requests.ConnectTimeout)
            raise ServerError(message, is_away=is_away, out_of_time=True) from None
        except requests.RequestException as error:
            message = f"the OPA server cannot be reached ({type(error).__name__})"
            kind = _DroppedError if _is_dropped(error) else ServerError
            raise kind(message, is_away=True) from None
        except RegoParseError:
            message = "the OPA server refuses the policies: OPA 1.12 or newer is needed"
            raise ServerError(message, is_away=True) from None

    def _client(self) -> OpaClient:
        """Return the connection of this thread."""
        client = getattr(self._local, "client", None)
        if client is None:
            client = self._connect(self._retries)
            self._local.client = client
            self._clients.append(client)
        return client


def _is_dropped(error: Exception) -> bool:
    """Tell whether a connection ended without an answer, by the name that urllib3 gives it below `requests`."""
    return any(type(cause).__name__ == "ProtocolError" for cause in error.args)


def _connector(server: Server) -> Callable[[int], OpaClient]:
    """Return what makes connections, each tried so many times again.

    Raises `CheckerError` for a URL that does not name a server, or not safely.
    """
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
    return lambda retries: _open(host, port or (443 if secure else 80), server, retries, secure=secure)


def _open(host: str, port: int, server: Server, retries: int, *, secure: bool) -> OpaClient:
    from opa_client import OpaClient

    client = OpaClient(
        host=host,
        port=port,
        ssl=(server.authorities or True) if secure else False,
        cert=(server.certificate, server.key) if server.key else server.certificate or None,
        token=server.token or None,
        retries=retries,
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
