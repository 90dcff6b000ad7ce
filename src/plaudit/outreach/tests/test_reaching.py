"""One request to one checked address: pinned, never redirected, and over in time."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plaudit.foundation import clock
from plaudit.foundation.addresses import UrlRefused
from plaudit.foundation.reaching import find_address, post_json
from plaudit.outreach.tests.receiver import Reply, receiver

HERE = [ip_network("127.0.0.0/8")]


def at_home(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


@contextmanager
def raw_server(*chunks: bytes, drip_seconds: float = 0) -> Iterator[int]:
    """A server that answers each connection with these bytes, one chunk at a time, and tells its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                try:
                    connection.recv(65536)
                    for chunk in chunks:
                        connection.sendall(chunk)
                        if drip_seconds:
                            over.wait(drip_seconds)
                except OSError:
                    pass

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def test_a_body_arrives_as_it_was_given():
    with receiver() as there:
        answer = post_json(there.url, '{"é":1}', {"webhook-id": "msg_1"}, networks=HERE)

    (received,) = there.received
    assert (answer.status, answer.body, answer.error) == (200, "thank you", "")
    assert answer.address == "127.0.0.1"
    assert received.body == '{"é":1}'
    assert received.headers["content-type"] == "application/json"
    assert received.headers["host"] == there.url.split("/")[2]


def test_the_address_that_was_checked_is_the_one_connected_to():
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with receiver() as there:
        port = there.url.split(":")[2].split("/")[0]
        answer = post_json(f"http://hooks.example.com:{port}/x", "{}", {}, networks=HERE, resolve=rebinding)

    assert (answer.status, answer.address, asked) == (200, "127.0.0.1", ["hooks.example.com"])
    assert there.received[0].headers["host"] == f"hooks.example.com:{port}"


def test_nothing_is_sent_where_nothing_may_be():
    with receiver() as there:
        answer = post_json(there.url, "{}", {}, networks=[])

    assert there.received == []
    assert answer.status is None
    assert "private network" in answer.error
    with pytest.raises(UrlRefused):
        find_address("https://hooks.example.com/", resolve=at_home, networks=[])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status):
    with receiver() as inside:
        elsewhere = Reply(status, {"location": inside.url})
        with receiver(elsewhere) as there:
            answer = post_json(there.url, "{}", {}, networks=HERE)

    assert answer.status == status
    assert (len(there.received), inside.received) == (1, [])


def test_a_proxy_of_the_environment_is_not_used(monkeypatch):
    with receiver() as proxy, receiver() as there:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        answer = post_json(there.url, "{}", {}, networks=HERE)

    assert answer.status == 200
    assert (len(there.received), proxy.received) == (1, [])


def test_an_answer_that_does_not_come_is_given_up():
    never = threading.Event()
    with receiver(Reply(before=lambda: never.wait(10))) as there:
        answer = post_json(there.url, "{}", {}, networks=HERE, timeout_seconds=0.2)
        never.set()

    assert answer.status is None
    assert answer.error == "No answer within 0.2 seconds."
    assert 200 <= answer.took_ms < 5000


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n"])
def test_an_answer_that_drips_is_given_up_as_well(head):
    with raw_server(head or b"H", *([b"x"] * 50), drip_seconds=0.1) as port:
        answer = post_json(f"http://127.0.0.1:{port}/", "{}", {}, networks=HERE, timeout_seconds=0.5)

    assert answer.took_ms < 5000
    assert "within 0.5 seconds" in answer.error


def test_of_an_endless_answer_a_kilobyte_is_read():
    with raw_server(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", b"a\x00" * 500_000) as port:
        answer = post_json(f"http://127.0.0.1:{port}/", "{}", {}, networks=HERE)

    assert answer.status == 200
    assert answer.body == "a" * 500


@pytest.mark.parametrize(
    "nonsense", [b"", b"\x00\x01\x02\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"SSH-2.0-x\r\n"]
)
def test_nonsense_is_an_error_in_words(nonsense):
    with raw_server(nonsense) as port:
        answer = post_json(f"http://127.0.0.1:{port}/", "{}", {}, networks=HERE)

    assert answer.status is None
    assert answer.error


def test_nobody_at_the_address_is_an_error_in_words():
    with raw_server() as port:
        pass
    answer = post_json(f"http://127.0.0.1:{port}/", "{}", {}, networks=HERE)

    assert answer.status is None
    assert "ConnectError" in answer.error


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's side and a client's side of TLS, trusting a certificate for this name alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.wall() - timedelta(days=1))
        .not_valid_after(clock.wall() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(public, private)
    return server, ssl.create_default_context(cafile=str(public))


@pytest.mark.parametrize("host, status", [("hooks.example.com", 200), ("evil.example.com", None)])
def test_the_certificate_must_be_the_names_though_the_address_is_pinned(tmp_path, host, status):
    server, trust = certificate(tmp_path, "hooks.example.com")
    with receiver() as there:
        there.server.socket = server.wrap_socket(there.server.socket, server_side=True)
        port = there.server.server_address[1]
        answer = post_json(f"https://{host}:{port}/x", "{}", {}, networks=HERE, resolve=at_home, trust=trust)

    assert answer.status == status
    assert (status is not None) or "certificate" in answer.error.lower()
