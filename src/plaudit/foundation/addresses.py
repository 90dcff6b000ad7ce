"""Where messages and orders may be sent: never to the machine itself, its neighbours, or anything not on the internet.

A server that fetches what strangers name can be made to reach what only it can reach (server-side request
forgery). So a URL is read strictly, its host is one address or one name in their plain form, and every
address behind a name must be public. The one that is checked is the one that is connected to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from plaudit.foundation.refusals import Refusal


class UrlRefused(Refusal):
    code = "url_refused"
    sentence = "Nothing can be sent to {url}: {why}."
    way_forward = "Give an https address that is reached over the internet."

    def __init__(self, *, url: str, why: str) -> None:
        super().__init__(url=url, why=why)


Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]

_URL = re.compile(r"(?P<scheme>[a-z]+)://(?P<authority>[^/?#]*)(?P<rest>[/?][^#]*)?", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)

# No setting opens these: nothing there is a receiver, and link-local is where clouds keep their keys.
_NEVER = [
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::ffff:0:0/96",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
]

# IANA's registries of special-purpose addresses: not on the internet, or a way round to what is not.
_NOT_PUBLIC = [
    ip_network(network)
    for network in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]
_PUBLIC_V6 = ip_network("2000::/3")


@dataclass(frozen=True, slots=True)
class Destination:
    """A URL read strictly: whether it is encrypted, its host as a name or an address, its port."""

    url: str
    secure: bool
    host: str
    port: int
    address: Address | None


def read_url(url: str) -> Destination:
    """The destination a URL names. Raises `UrlRefused` for every form that could be read in two ways."""
    if len(url) > 2000:
        raise UrlRefused(url=url[:100] + "…", why="it is too long")
    if not url.isascii() or any(character <= " " or character in '\\"<>^`{|}\x7f' for character in url):
        raise UrlRefused(url=url, why="it has characters that do not belong in an address")
    match = _URL.fullmatch(url)
    if match is None or match["scheme"].lower() not in ("https", "http"):
        raise UrlRefused(url=url, why="it is not an https address")
    secure = match["scheme"].lower() == "https"
    authority = match["authority"]
    if "@" in authority:
        raise UrlRefused(url=url, why="it carries a name or password")
    host, port = _host_and_port(url, authority)
    return Destination(url, secure, host.lower(), port or (443 if secure else 80), _literal(url, host))


def _host_and_port(url: str, authority: str) -> tuple[str, int | None]:
    closing = authority.find("]")
    host, colon, port = authority[closing + 1 :].partition(":")
    host = authority[: closing + 1] + host
    if not colon:
        return host, None
    if not port.isdigit() or len(port) > 5 or not 1 <= int(port) <= 65535:
        raise UrlRefused(url=url, why="its port is not a number from 1 to 65535")
    return host, int(port)


def _literal(url: str, host: str) -> Address | None:
    """The address a host spells out, or None where it is a name."""
    if host.startswith("["):
        # A scope (%eth0) names a network card of ours.
        plain = host[1:-1] if host.endswith("]") and "%" not in host else ""
        try:
            return IPv6Address(plain)
        except ValueError:
            raise UrlRefused(url=url, why="its host is not an address in plain form") from None
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]) or (
        labels[-1] == "" and len(labels) > 1 and _NUMBER.fullmatch(labels[-2])
    ):
        # 2130706433, 0x7f.1 and 0177.0.0.1 are all 127.0.0.1 to some reader; only the plain form is to us.
        try:
            return IPv4Address(host)
        except ValueError:
            raise UrlRefused(url=url, why="its host is not an address in plain form") from None
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise UrlRefused(url=url, why="its host is not a name")
    return None


def choose_address(destination: Destination, found: Sequence[str], networks: Networks = ()) -> Address:
    """The address to connect to, of those found behind the name (or the one the URL spells out).

    Every one of them must be allowed: a name that also leads inside is refused. `networks` are those the
    operator opened; without encryption only the machine itself may be reached, where it is opened.
    Raises `UrlRefused`.
    """
    addresses = [destination.address] if destination.address is not None else [_read(one) for one in found]
    if not addresses:
        raise UrlRefused(url=destination.url, why="nobody knows its name")
    for address in addresses:
        why = why_refused(address, networks)
        if why is None and not destination.secure and not address.is_loopback:
            why = "it is not encrypted"
        if why is not None:
            raise UrlRefused(url=destination.url, why=why)
    return addresses[0]


def why_refused(address: Address, networks: Networks = ()) -> str | None:
    """Why nothing is sent to this address, or None where it may be."""
    if _within(address, _NEVER):
        return "nobody can be reached there"
    if _within(address, networks):
        return None
    if _within(address, _NOT_PUBLIC) or not address.is_global:
        return "it leads to a private network"
    if isinstance(address, IPv6Address) and address not in _PUBLIC_V6:
        return "it leads to a private network"
    return None


def read_networks(text: str) -> Networks:
    """Networks in CIDR form, by comma, such as 10.1.0.0/16."""
    return [ip_network(part.strip()) for part in text.split(",") if part.strip()]


def _within(address: Address, networks: Networks) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _read(text: str) -> Address:
    # A scope such as %eth0 belongs to link-local addresses, which are refused anyway.
    return ip_address(text.partition("%")[0])
