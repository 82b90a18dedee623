"""The only way out: who is asked, who is not, and what an answer may cost. No test here leaves this machine."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from lti_tool.safe_http import HttpAnswer, SafeHttp, Unreachable, UnreachableProblem
from lti_tool.safe_http.addresses import MOST_REMEMBERED, REMEMBERED_FOR, AddressBook, is_public
from tests.lti_tool.lti.server import Reply, StubServer

PUBLIC, PUBLIC_6 = "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"


class Resolver:
    """Answers from a table, and keeps what it was asked."""

    def __init__(self, **places: str) -> None:
        self.places = {name.replace("_", "."): addresses.split() for name, addresses in places.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        if host not in self.places:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in self.places[host]]


def book(*, lab: bool = False, named: dict[str, str] | None = None, **places: str) -> AddressBook:
    return AddressBook(lab=lab, private_hosts=named or {}, resolve=Resolver(**places))


def refused(ask: Callable[[], object]) -> UnreachableProblem:
    with pytest.raises(Unreachable) as caught:
        ask()
    return caught.value.code


# ---- which addresses are asked ----


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.254",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_private_and_special_addresses_are_not_asked(address: str) -> None:
    assert not is_public(ip_address(address))
    find = book(lms_example=address).find
    assert refused(lambda: find("https://lms.example/x")) is UnreachableProblem.ADDRESS_NOT_ALLOWED


@pytest.mark.parametrize("address", [PUBLIC, PUBLIC_6, f"::ffff:{PUBLIC}", "64:ff9b::5db8:d822", "8.8.8.8"])
def test_public_addresses_may_be_asked_over_https(address: str) -> None:
    target = book(lms_example=address).find("https://lms.example/x")
    assert target.addresses == (ip_address(address),)
    assert (target.host, target.port, target.host_header) == ("lms.example", 443, "lms.example")


@pytest.mark.parametrize("addresses", [f"{PUBLIC} 10.0.0.1", f"10.0.0.1 {PUBLIC}", f"{PUBLIC_6} ::1"])
def test_a_name_with_one_private_address_is_not_asked_at_all(addresses: str) -> None:
    find = book(lms_example=addresses).find
    assert refused(lambda: find("https://lms.example/x")) is UnreachableProblem.ADDRESS_NOT_ALLOWED


@pytest.mark.parametrize(
    "host",
    [
        PUBLIC,
        "127.0.0.1",
        "[::1]",
        f"[{PUBLIC_6}]",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "0x7f.1",
        "lms.example.1",
    ],
)
def test_addresses_instead_of_names_are_not_asked(host: str) -> None:
    find = book(**{host.replace(".", "_"): PUBLIC}).find
    assert refused(lambda: find(f"https://{host}/x")) is UnreachableProblem.ADDRESS_NOT_ALLOWED


@pytest.mark.parametrize("port", ["80", "22", "6379", "8443", "65535"])
def test_unusual_ports_are_not_asked(port: str) -> None:
    find = book(lms_example=PUBLIC).find
    assert refused(lambda: find(f"https://lms.example:{port}/x")) is UnreachableProblem.ADDRESS_NOT_ALLOWED


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lms.example",
        "//lms.example/x",
        "file:///etc/passwd",
        "gopher://lms.example/",
        "ftp://lms.example/",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://user@lms.example/",
        "https://user:word@lms.example/",
        "https://lms.example\\@evil.example/",
        "https://lms.example /",
        "https://lms.example/a b",
        "https://lms.example/\r\nX-Evil: 1",
        "https://lms.example/\0",
        "https://lms.example/ü",
        "https://lms.example:0/",
        "https://lms.example:99999/",
        "https://lms.example:x/",
        "https://[::1/",
        "https://" + "x" * 300 + ".example/",
    ],
)
def test_what_could_be_read_in_two_ways_is_not_asked(url: str) -> None:
    find = book(lms_example=PUBLIC).find
    assert refused(lambda: find(url)) is UnreachableProblem.ADDRESS_NOT_UNDERSTOOD


def test_plain_http_is_not_asked() -> None:
    find = book(lms_example=PUBLIC).find
    assert refused(lambda: find("http://lms.example/x")) is UnreachableProblem.NOT_HTTPS


def test_a_name_that_nobody_resolves_is_told() -> None:
    find = book(lms_example="").find
    for name in ("lms.example", "nowhere.example"):
        assert refused(lambda n=name: find(f"https://{n}/")) is UnreachableProblem.NO_SUCH_HOST


# ---- what the operator named ----


def test_a_private_host_is_asked_at_exactly_its_named_address() -> None:
    named = book(named={"Moodle.campus": "10.1.2.3", "canvas.campus": "10.1.2.4:8443", "six.campus": "[fd00::5]:8443"})
    assert named.find("https://moodle.campus/x").addresses == (ip_address("10.1.2.3"),)
    assert named.find("https://canvas.campus:8443/x").host_header == "canvas.campus:8443"
    assert named.find("https://six.campus:8443/").addresses == (ip_address("fd00::5"),)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://moodle.campus:8443/", UnreachableProblem.ADDRESS_NOT_ALLOWED),
        ("https://canvas.campus/", UnreachableProblem.ADDRESS_NOT_ALLOWED),
        ("https://db.campus/", UnreachableProblem.ADDRESS_NOT_ALLOWED),
        ("https://moodle.campus.evil.example/", UnreachableProblem.ADDRESS_NOT_ALLOWED),
        ("https://10.1.2.3/", UnreachableProblem.ADDRESS_NOT_ALLOWED),
        ("http://moodle.campus/", UnreachableProblem.NOT_HTTPS),
    ],
)
def test_naming_one_private_host_opens_no_other(url: str, code: UnreachableProblem) -> None:
    named = {"moodle.campus": "10.1.2.3", "canvas.campus": "10.1.2.4:8443"}
    places = {"db_campus": "10.1.2.9", "moodle_campus_evil_example": "10.1.2.3"}
    assert refused(lambda: book(named=named, **places).find(url)) is code


# ---- the lab ----


@pytest.mark.parametrize("url", ["http://127.0.0.1:8401/x", "http://[::1]:8401/", "http://localhost:8401/"])
def test_plain_http_on_loopback_is_for_the_lab_only(url: str) -> None:
    places = {"127_0_0_1": "127.0.0.1", "localhost": "127.0.0.1 ::1", "::1": "::1"}
    assert book(lab=True, **places).find(url).port == 8401
    with pytest.raises(Unreachable):
        book(**places).find(url)


@pytest.mark.parametrize("address", [PUBLIC, "10.0.0.1", "169.254.169.254", f"127.0.0.1 {PUBLIC}"])
def test_the_lab_opens_nothing_but_loopback(address: str) -> None:
    find = book(lab=True, lms_example=address).find
    for url in ("http://lms.example/", "http://lms.example:8401/"):
        assert refused(lambda u=url: find(u)) is UnreachableProblem.NOT_HTTPS


# ---- the wire ----


@pytest.fixture
def server() -> Iterator[StubServer]:
    with StubServer() as server:
        yield server


HTTP = SafeHttp(lab=True)


def test_an_answer_is_its_status_headers_and_body(server: StubServer) -> None:
    server.reply("/x", Reply(418, b"tea", {"X-Kind": "Oolong"}))
    answer = HTTP.request("GET", f"{server.url}/x?a=1")
    assert (answer.status, answer.body, answer.headers["x-kind"]) == (418, b"tea", "Oolong")
    assert {field.name for field in fields(HttpAnswer)} == {"status", "headers", "body"}


def test_what_is_sent_arrives_as_it_is(server: StubServer) -> None:
    HTTP.request("POST", f"{server.url}/x?b=%20", headers={"Content-Type": "a/b"}, body=b"\x00\xff")
    (asked,) = server.asked
    assert (asked.method, asked.query, asked.body) == ("POST", "b=%20", b"\x00\xff")
    assert asked.headers["content-type"] == "a/b"
    assert asked.headers["user-agent"] == "Attune"
    assert asked.headers["accept-encoding"] == "identity"


def test_the_checked_address_is_asked_under_the_name_and_resolved_once(server: StubServer) -> None:
    resolver = Resolver(lms_lab="127.0.0.1")
    port = server.url.rpartition(":")[2]
    server.reply("/x", Reply(200))
    assert SafeHttp(lab=True, resolve=resolver).request("GET", f"http://lms.lab:{port}/x").status == 200
    assert server.asked[0].headers["host"] == f"lms.lab:{port}"
    assert resolver.asked == ["lms.lab"]


def test_when_one_address_does_not_take_the_connection_the_next_one_is_asked(server: StubServer) -> None:
    http = SafeHttp(lab=True, resolve=Resolver(lms_lab="127.0.0.2 127.0.0.1"))
    server.reply("/x", Reply(200))
    assert http.request("GET", f"http://lms.lab:{server.url.rpartition(':')[2]}/x").status == 200


def test_a_redirect_is_an_answer_and_is_not_followed(server: StubServer) -> None:
    server.reply("/x", Reply(302, b"", {"Location": f"{server.url}/y"}))
    assert HTTP.request("GET", f"{server.url}/x").status == 302
    assert [asked.path for asked in server.asked] == ["/x"]


def test_nothing_is_taken_from_the_environment(server: StubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.reply("/x", Reply(200))
    assert HTTP.request("GET", f"{server.url}/x").status == 200
    assert "authorization" not in server.asked[0].headers


def test_cookies_are_not_kept(server: StubServer) -> None:
    server.reply("/x", Reply(200, b"", {"Set-Cookie": "a=b"}))
    for _ in range(2):
        HTTP.request("GET", f"{server.url}/x")
    assert all("cookie" not in asked.headers for asked in server.asked)


def test_an_answer_beyond_the_limit_is_not_taken(server: StubServer) -> None:
    server.reply("/x", Reply(200, b"x" * 1001))
    assert HTTP.request("GET", f"{server.url}/x", limit=1001).body == b"x" * 1001
    assert refused(lambda: HTTP.request("GET", f"{server.url}/x", limit=1000)) is UnreachableProblem.TOO_LARGE


def test_a_packed_answer_is_not_unpacked(server: StubServer) -> None:
    server.reply("/x", Reply(200, gzip.compress(b"x" * 1000), {"Content-Encoding": "gzip"}))
    assert refused(lambda: HTTP.request("GET", f"{server.url}/x")) is UnreachableProblem.NO_ANSWER_AFTER_SENDING


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb"])
def test_a_header_that_would_make_two_is_not_sent(server: StubServer, value: str) -> None:
    with pytest.raises(Unreachable):
        HTTP.request("GET", f"{server.url}/x", headers={"Authorization": value})
    assert server.asked == []


def test_the_connection_is_used_again(server: StubServer) -> None:
    http = SafeHttp(lab=True)
    server.reply("/x", Reply(200, b"x" * 100_000))
    for _ in range(5):
        assert len(http.request("GET", f"{server.url}/x").body) == 100_000
    assert server.connections == 1


# ---- wires that misbehave ----

Script = Callable[[socket.socket], None]


@contextmanager
def speaking(script: Script) -> Iterator[str]:
    """A listener on loopback that does as the script says with its one visitor."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            visitor, _ = listener.accept()
            with visitor:
                visitor.recv(65_536)
                with suppress(OSError):  # hung up on, as it should be
                    script(visitor)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


def silent(visitor: socket.socket) -> None:
    visitor.settimeout(30)
    visitor.recv(1)


def trickling_headers(visitor: socket.socket) -> None:
    visitor.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(600):
        visitor.sendall(b"X")
        time.sleep(0.05)


def trickling_body(visitor: socket.socket) -> None:
    visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(600):
        visitor.sendall(b"x")
        time.sleep(0.05)


def trickling_chunks(visitor: socket.socket) -> None:
    visitor.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(600):
        visitor.sendall(b"1\r\nx\r\n")
        time.sleep(0.05)


@pytest.mark.parametrize("script", [silent, trickling_headers, trickling_body, trickling_chunks])
def test_a_wire_that_is_too_slow_is_hung_up_on_in_time(script: Script) -> None:
    with speaking(script) as url:
        started = time.monotonic()
        asked = lambda: HTTP.request("GET", url, timeout=0.3)  # noqa: E731
        assert refused(asked) is UnreachableProblem.NO_ANSWER_AFTER_SENDING
        assert time.monotonic() - started < 5


def test_an_answer_in_pieces_is_read_whole_before_its_deadline() -> None:
    def in_pieces(visitor: socket.socket) -> None:
        for piece in (b"HTTP/1.1 200 OK\r\nContent-", b"Length: 4\r\n\r\n", b"pi", b"ce"):
            visitor.sendall(piece)
            time.sleep(0.02)

    with speaking(in_pieces) as url:
        assert HTTP.request("GET", url, timeout=5).body == b"pice"


def test_a_slow_answer_leaves_the_next_one_on_the_same_wire_its_whole_time(server: StubServer) -> None:
    http = SafeHttp(lab=True)
    server.reply("/slow", Reply(200, b"", after=0.25))
    server.reply("/x", Reply(200, b"", after=0.4))
    assert http.request("GET", f"{server.url}/slow", timeout=0.5).status == 200
    assert http.request("GET", f"{server.url}/x", timeout=5).status == 200
    assert server.connections == 1


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"hello\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n" + b"\xff" * 10,
        b"HTTP/1.1 999999 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
    ids=["nothing", "no http", "cut off", "wrong chunk", "no length", "no status", "long header", "many headers"],
)
def test_what_is_no_http_is_no_answer_and_never_an_error(said: bytes) -> None:
    with speaking(lambda visitor: visitor.sendall(said)) as url:
        try:
            HTTP.request("GET", url, timeout=1)
        except Unreachable as problem:
            assert problem.code is UnreachableProblem.NO_ANSWER_AFTER_SENDING  # noqa: PT017 - some are taken as an answer


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_port_where_nobody_listens_is_no_answer() -> None:
    assert refused(lambda: HTTP.request("GET", f"http://127.0.0.1:{closed_port()}/")) is UnreachableProblem.NO_ANSWER


def test_whoever_posts_learns_whether_it_may_have_arrived(server: StubServer) -> None:
    server.reply("/x", Reply(200, b"x" * 1001))
    post = lambda url: HTTP.request("POST", url, body=b"once", timeout=0.3, limit=1000)  # noqa: E731
    with speaking(silent) as quiet, speaking(lambda visitor: visitor.sendall(b"hello\r\n\r\n")) as odd:
        for arrived in (quiet, odd, f"{server.url}/x"):
            assert refused(lambda url=arrived: post(url)).may_have_arrived
    for never in (f"http://127.0.0.1:{closed_port()}/", "http://10.0.0.1/", "no address"):
        assert not refused(lambda url=never: post(url)).may_have_arrived


def test_a_wire_that_breaks_before_it_is_safe_has_carried_nothing() -> None:
    with speaking(lambda visitor: visitor.close()) as url:
        port = url.rpartition(":")[2].rstrip("/")
        named = {"moodle.campus": f"127.0.0.1:{port}"}
        asked = lambda: SafeHttp(private_hosts=named).request("POST", f"https://moodle.campus:{port}/", body=b"1")  # noqa: E731
        assert refused(asked) is UnreachableProblem.NO_ANSWER


# ---- a name that was judged is remembered for a while ----


def test_a_judged_name_is_asked_for_again_after_a_while_and_judged_anew() -> None:
    resolver, moment = Resolver(lms_example=PUBLIC), [100.0]
    book = AddressBook(lab=False, private_hosts={}, resolve=resolver, clock=lambda: moment[0])
    for _ in range(3):
        assert book.find("https://lms.example/x").addresses == (ip_address(PUBLIC),)
    assert resolver.asked == ["lms.example"]
    resolver.places["lms.example"] = ["10.0.0.1"]
    moment[0] += REMEMBERED_FOR
    assert refused(lambda: book.find("https://lms.example/x")) is UnreachableProblem.ADDRESS_NOT_ALLOWED


def test_a_refusal_is_not_remembered() -> None:
    resolver = Resolver(lms_example="10.0.0.1")
    book = AddressBook(lab=False, private_hosts={}, resolve=resolver)
    assert refused(lambda: book.find("https://lms.example/")) is UnreachableProblem.ADDRESS_NOT_ALLOWED
    resolver.places["lms.example"] = [PUBLIC]
    assert book.find("https://lms.example/").addresses == (ip_address(PUBLIC),)


def test_what_was_judged_for_one_port_or_scheme_says_nothing_of_another() -> None:
    find = book(lms_example=PUBLIC).find
    find("https://lms.example/")
    assert refused(lambda: find("http://lms.example/")) is UnreachableProblem.NOT_HTTPS
    assert refused(lambda: find("https://lms.example:8443/")) is UnreachableProblem.ADDRESS_NOT_ALLOWED


def test_where_nobody_took_the_connection_the_name_is_resolved_again(server: StubServer) -> None:
    resolver = Resolver(lms_lab="127.0.0.2")
    http, port = SafeHttp(lab=True, resolve=resolver), server.url.rpartition(":")[2]
    server.reply("/x", Reply(200))
    assert refused(lambda: http.request("GET", f"http://lms.lab:{port}/x")) is UnreachableProblem.NO_ANSWER
    resolver.places["lms.lab"] = ["127.0.0.1"]
    assert http.request("GET", f"http://lms.lab:{port}/x").status == 200


def test_no_more_names_are_remembered_than_fit() -> None:
    resolver = Resolver(**{f"lms{number}_example": PUBLIC for number in range(MOST_REMEMBERED + 5)})
    book = AddressBook(lab=False, private_hosts={}, resolve=resolver)
    for number in range(MOST_REMEMBERED + 5):
        book.find(f"https://lms{number}.example/")
    assert len(book._judged) <= MOST_REMEMBERED


# ---- TLS ----


def usage(*, signs_others: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_others,
        crl_sign=signs_others,
        encipher_only=False,
        decipher_only=False,
    )


class Authority:
    """A certificate authority of our own."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests")])
        self.certificate = self._signed(self.name, self.key, x509.BasicConstraints(ca=True, path_length=0))

    def certificate_for(self, host: str, folder: Path) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        made = self._signed(subject, key, x509.SubjectAlternativeName([x509.DNSName(host)]))
        path = folder / f"{host}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(private + made.public_bytes(Encoding.PEM))
        return path

    def bundle(self, folder: Path) -> str:
        path = folder / "authority.pem"
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        return str(path)

    def _signed(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, what: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(what, critical=isinstance(what, x509.BasicConstraints))
            # Python 3.13 asks for these, as RFC 5280 does.
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .add_extension(usage(signs_others=isinstance(what, x509.BasicConstraints)), critical=True)
            .sign(self.key, hashes.SHA256())
        )


@contextmanager
def over_tls(certificate: Path) -> Iterator[tuple[int, list[str]]]:
    """An https server on loopback; the list fills with the names that visitors ask for."""
    context, names = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), []
    context.load_cert_chain(certificate)
    context.sni_callback = lambda wire, name, _: names.append(name)
    with StubServer(tls=context) as server:
        server.reply("/x", Reply(200, b"safe"))
        yield int(server.url.rpartition(":")[2]), names


def test_the_certificate_is_checked_against_the_name_while_the_address_is_pinned(tmp_path: Path) -> None:
    authority = Authority()
    with over_tls(authority.certificate_for("moodle.campus", tmp_path)) as (port, names):
        named = {"moodle.campus": f"127.0.0.1:{port}", "other.campus": f"127.0.0.1:{port}"}
        http = SafeHttp(private_hosts=named, ca_bundle=authority.bundle(tmp_path))
        assert http.request("GET", f"https://moodle.campus:{port}/x").body == b"safe"
        assert names == ["moodle.campus"]
        asked = lambda: http.request("GET", f"https://other.campus:{port}/x")  # noqa: E731
        assert refused(asked) is UnreachableProblem.CERTIFICATE


def test_an_authority_that_nobody_named_is_not_trusted(tmp_path: Path) -> None:
    with over_tls(Authority().certificate_for("moodle.campus", tmp_path)) as (port, _):
        http = SafeHttp(private_hosts={"moodle.campus": f"127.0.0.1:{port}"})
        asked = lambda: http.request("GET", f"https://moodle.campus:{port}/x")  # noqa: E731
        assert refused(asked) is UnreachableProblem.CERTIFICATE
