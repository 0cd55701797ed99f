"""Opens the sockets that clients connect to."""

from __future__ import annotations

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
            family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
            listener = socket.create_server((address.host, address.port), family=family, backlog=_BACKLOG)
    except (OSError, UnicodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "is no address of this machine"
        message = f"{address}: cannot listen there: {reason}"
        raise CheckerError(message) from None
    listener.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return listener
