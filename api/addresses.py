"""Where a call comes from: the address, also behind a proxy that is trusted, and the machine."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address, ip_network

from starlette.datastructures import Headers

from store.errors import InvalidInput

_WORKER_HEADERS = ("x-clearml-worker", "x-trains-worker")


class Network:
    """Addresses of proxies that may say whom they ask for.

    Args:
        text: An address, or a network such as `10.0.0.0/8`.

    Raises:
        InvalidInput: It is neither.
    """

    def __init__(self, text: str) -> None:
        try:
            self._network = ip_network(text.strip(), strict=False)
        except ValueError as error:
            raise InvalidInput(
                f"--trusted-proxy {text}: an address such as 192.0.2.7 is needed, or a network "
                "such as 10.0.0.0/8."
            ) from error

    def holds(self, address: str) -> bool:
        """Whether an address is one of them."""
        return bool(address) and ip_address(address) in self._network


def address_of(peer: str, headers: Headers, trusted: Collection[Network]) -> str:
    """The address that a call comes from, or "".

    Args:
        peer: The address at the other end of the connection.
        headers: The headers of the call.
        trusted: The proxies whose `X-Forwarded-For` is believed.
    """
    address = plain(peer)
    if not any(network.holds(address) for network in trusted):
        return address
    told = ",".join(headers.getlist("x-forwarded-for")).split(",")
    # Each proxy adds whom it was asked by at the end; what stands before may be made up.
    for one in reversed(told):
        before = plain(one.strip())
        if not before:
            return address
        address = before
        if not any(network.holds(address) for network in trusted):
            break
    return address


def worker_of(headers: Headers) -> str:
    """The name of the client's machine, as the client gives it, or ""."""
    return next((headers[name] for name in _WORKER_HEADERS if headers.get(name)), "")


def plain(text: str) -> str:
    """An address without a port or a zone, as one writes it, or "" where it is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        # A zone means something on that machine alone, and may be any text.
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)
