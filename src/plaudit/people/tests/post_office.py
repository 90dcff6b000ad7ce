"""A mail server on this machine, for tests: takes what it is given, in clear, by STARTTLS or by TLS, or refuses it."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plaudit.foundation import clock


@dataclass
class PostOffice:
    """What arrived, and how. `refusals` is how many of the next messages are refused."""

    port: int
    refusals: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)


class _Counter(socketserver.StreamRequestHandler):
    """One conversation (RFC 5321, as much of it as a sender needs)."""

    def handle(self) -> None:
        office, self.tls, self.starttls = cast("_Server", self.server).parts
        self.is_encrypted = False
        if self.tls is not None and not self.starttls:
            self._encrypt(self.tls)
        self._say("220 here")
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            if word.upper() == "QUIT":
                self._say("221 bye")
                return
            self._answer(word.upper(), rest, office)

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _answer(self, word: str, rest: str, office: PostOffice) -> None:
        if word == "EHLO":
            self._say("250-here")
            if self.tls is not None and self.starttls and not self.is_encrypted:
                self._say("250-STARTTLS")
            self._say("250 AUTH PLAIN")
        elif word == "STARTTLS" and self.tls is not None:
            self._say("220 go on")
            self._encrypt(self.tls)
        elif word == "AUTH":
            office.logins.append(base64.b64decode(rest.split()[1]).decode().replace("\0", " ").strip())
            self._say("235 known")
        elif word == "DATA":
            self._say("354 go on")
            self._take(office)
        else:
            self._say("250 right")

    def _take(self, office: PostOffice) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        if office.refusals > 0:
            office.refusals -= 1
            self._say("451 come back later")
            return
        office.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
        office.encrypted.append(self.is_encrypted)
        self._say("250 taken")

    def _encrypt(self, tls: ssl.SSLContext) -> None:
        self.connection = self.request = tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.is_encrypted = True

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    parts: tuple[PostOffice, ssl.SSLContext | None, bool]

    def handle_error(self, *_who: object) -> None:
        """A sender that goes away in the middle is part of the tests."""


@contextmanager
def a_post_office(*, tls: Path | None = None, starttls: bool = False) -> Iterator[PostOffice]:
    """A post office on a free port of this machine; `tls` is a certificate with its key, as `certificate` makes it."""
    context = None
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
    with _Server(("127.0.0.1", 0), _Counter) as server:
        office = PostOffice(server.server_address[1])
        server.parts = (office, context, starttls)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()


def certificate(path: Path) -> Path:
    """A certificate for this machine, signed by itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.wall() - timedelta(days=1))
        .not_valid_after(clock.wall() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + built.public_bytes(pem)
    )
    return path
