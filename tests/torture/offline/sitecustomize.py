"""Read by Python at its start where this folder is on its path: other machines cannot be reached, and who tries is noted."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import traceback
from pathlib import Path

_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


def _refuse(host: object) -> None:
    with Path(os.environ["YIBAO_TORTURE_NETWORK"]).open("a", encoding="utf-8") as file:
        file.write(f"{host!r} {sys.argv} {traceback.format_stack(limit=6)[0]!r}\n")
    raise OSError(101, "Network is unreachable")


def _local(host: object) -> bool:
    if host in {"localhost", "", None}:
        return True
    try:
        address = ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _check(own: socket.socket, address: object) -> None:
    if own.family in {socket.AF_INET, socket.AF_INET6} and isinstance(address, tuple) and not _local(address[0]):
        _refuse(address[0])


def _checked_connect(self: socket.socket, address: object) -> None:
    _check(self, address)
    _connect(self, address)


def _checked_connect_ex(self: socket.socket, address: object) -> int:
    _check(self, address)
    return _connect_ex(self, address)


def _checked_getaddrinfo(host, *rest, **options):
    if not _local(host.decode() if isinstance(host, bytes) else host):
        _refuse(host)
    return _getaddrinfo(host, *rest, **options)


if os.environ.get("YIBAO_TORTURE_NETWORK"):
    socket.socket.connect = _checked_connect
    socket.socket.connect_ex = _checked_connect_ex
    socket.getaddrinfo = _checked_getaddrinfo
