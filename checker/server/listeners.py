"""Opens the sockets that clients connect to."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Final

from checker.errors import CheckerError

if TYPE_CHECKING:
    from checker.server.options import Address

_BACKLOG: Final = 1024
"""How many connections wait until a worker takes them."""


def listen(address: Address) -> socket.socket:
    """Return a socket that listens, for IPv6 and IPv4 where no host is given; raises `CheckerError` if it cannot."""
    try:
        if not address.host and socket.has_dualstack_ipv6():
            listener = socket.create_server(
                ("", address.port), family=socket.AF_INET6, backlog=_BACKLOG, dualstack_ipv6=True
            )
        else:
            family, place = _resolved(address)
            listener = socket.create_server(place, family=family, backlog=_BACKLOG)
    except OSError as error:
        message = f"{address}: cannot listen there: {os.strerror(error.errno or 0)}"
        raise CheckerError(message) from None
    listener.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return listener


def _resolved(address: Address) -> tuple[socket.AddressFamily, tuple[str, int]]:
    if not address.host:
        return socket.AF_INET, ("", address.port)
    try:
        family, _, _, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        message = f"{address}: cannot listen there: there is no such address"
        raise CheckerError(message) from None
    return family, (str(place[0]), address.port)
