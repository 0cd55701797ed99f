"""Tests where the server can listen."""

from __future__ import annotations

import socket

import pytest

from checker.errors import CheckerError
from checker.server.listeners import listen
from checker.server.options import Address

needs_ipv6 = pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="the system has no IPv6")


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("", "127.0.0.1"),
        pytest.param("", "::1", marks=needs_ipv6),
        pytest.param("::1", "::1", marks=needs_ipv6),
    ],
)
def test_a_server_listens_where_it_is_told(host: str, client: str) -> None:
    with listen(Address(host, 0)) as listener, socket.create_connection((client, listener.getsockname()[1])):
        listener.accept()[0].close()


def test_a_system_without_ipv6_listens_for_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "has_dualstack_ipv6", lambda: False)
    with listen(Address("", 0)) as listener:
        assert listener.family is socket.AF_INET


@pytest.mark.parametrize("host", ["no.such.host.invalid", "a" * 300, "\udcff"])
def test_a_name_that_is_none_is_told(host: str) -> None:
    with pytest.raises(CheckerError) as told:
        listen(Address(host, 8443))
    assert str(told.value) == f"{host}:8443: cannot listen there: there is no such address"


@pytest.mark.parametrize(
    ("address", "text"), [(Address("", 8443), ":8443"), (Address("::1", 1), "[::1]:1"), (Address("a", 2), "a:2")]
)
def test_an_address_is_shown_as_it_is_typed(address: Address, text: str) -> None:
    assert str(address) == text
