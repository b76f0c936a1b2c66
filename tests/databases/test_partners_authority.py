"""Can the authority of the stand-ins be relied upon, and does it stay theirs alone?"""

import shutil
import socket
import ssl
import stat
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from databases.partners.authority import Papers, papers
from databases.partners.kept import secret
from tests.processes import on_postgresql

pytestmark = pytest.mark.skipif(
    on_postgresql(), reason="the stand-ins know no database; the run on SQLite has tried them"
)
NOW = datetime.now(UTC)
YEAR = timedelta(days=365)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "partners"


def shaken(held: Papers, name: str) -> str:
    """What a handshake of both sides with that name says: nothing, or OpenSSL's reason."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(held.server)
    server.load_verify_locations(cadata=held.authority)
    server.verify_mode = ssl.CERT_REQUIRED
    client = ssl.create_default_context(cadata=held.authority)
    client.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
    client.load_cert_chain(held.client)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        waiting = threading.Thread(target=_accept, args=(server, theirs))
        waiting.start()
        try:
            with client.wrap_socket(ours, server_hostname=name) as secured:
                return "" if secured.recv(2) == b"ok" else "closed"
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
        finally:
            waiting.join()


def _accept(server: ssl.SSLContext, end: socket.socket) -> None:
    try:
        with server.wrap_socket(end, server_side=True) as secured:
            secured.send(b"ok")
    except OSError:
        end.close()


def test_openssl_takes_server_and_client_by_the_strict_rules(folder: Path) -> None:
    held = papers(folder, NOW)
    assert shaken(held, "127.0.0.1") == ""
    assert shaken(held, "localhost") == ""
    assert "not valid for" in shaken(held, "127.0.0.2")


@pytest.mark.skipif(not shutil.which("openssl"), reason="the openssl command is not installed")
def test_the_openssl_command_verifies_what_the_authority_vouches_for(folder: Path) -> None:
    held = papers(folder, NOW)
    for purpose, path in (("sslserver", held.server), ("sslclient", held.client)):
        done = subprocess.run(
            ["openssl", "verify", "-x509_strict", "-purpose", purpose]
            + ["-CAfile", str(folder / "authority.pem"), str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_the_authority_can_vouch_for_no_other_machine(folder: Path) -> None:
    held = papers(folder, NOW)
    data = (folder / "authority.pem").read_bytes()
    key = load_pem_private_key(data, None)
    root = x509.load_pem_x509_certificate(data)
    served = x509.load_pem_x509_certificate(held.server.read_bytes())
    elsewhere = x509.SubjectAlternativeName([x509.DNSName("portal.example")])
    forged = x509.CertificateBuilder(root.subject, served.subject, served.public_key(), 7)
    forged = forged.not_valid_before(NOW - YEAR).not_valid_after(NOW + YEAR)
    for extension in served.extensions:
        if not isinstance(extension.value, x509.SubjectAlternativeName):
            forged = forged.add_extension(extension.value, extension.critical)
    made = forged.add_extension(elsewhere, critical=False).sign(key, hashes.SHA256())  # type: ignore[arg-type]
    _, _, own_key = held.server.read_text().partition("-----END CERTIFICATE-----\n")
    held.server.write_text(made.public_bytes(Encoding.PEM).decode() + own_key)
    assert shaken(held, "portal.example") == "permitted subtree violation"


def test_only_the_owner_can_read_what_is_kept(folder: Path) -> None:
    papers(folder, NOW)
    secret(folder, "signing-key")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_papers_are_kept_as_long_as_they_last(folder: Path) -> None:
    first = papers(folder, NOW)
    before = [first.authority, first.server.read_bytes(), first.client.read_bytes()]
    again = papers(folder, NOW + YEAR)
    assert [again.authority, again.server.read_bytes(), again.client.read_bytes()] == before


def test_papers_near_their_end_are_renewed_by_the_same_authority(folder: Path) -> None:
    first = papers(folder, NOW)
    before = first.server.read_bytes(), first.client.read_bytes()
    later = papers(folder, NOW + 2 * YEAR + timedelta(days=1))
    assert later.authority == first.authority
    assert later.server.read_bytes() != before[0]
    assert later.client.read_bytes() != before[1]


def test_an_authority_near_its_end_is_renewed_with_all_it_vouched_for(folder: Path) -> None:
    first = papers(folder, NOW)
    later = papers(folder, NOW + 7 * YEAR)
    assert later.authority != first.authority
    for path in (later.server, later.client):
        held = x509.load_pem_x509_certificate(path.read_bytes())
        held.verify_directly_issued_by(x509.load_pem_x509_certificate(later.authority.encode()))


@pytest.mark.parametrize("damage", [b"", b"\0\xff", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
@pytest.mark.parametrize("name", ["authority.pem", "server.pem", "client.pem"])
def test_papers_that_cannot_be_read_are_made_anew(folder: Path, name: str, damage: bytes) -> None:
    papers(folder, NOW)
    (folder / name).write_bytes(damage)
    assert shaken(papers(folder, NOW), "127.0.0.1") == ""


def test_a_key_of_another_certificate_is_no_use(folder: Path) -> None:
    held = papers(folder, NOW)
    certificate, _, _ = held.server.read_text().partition("-----BEGIN PRIVATE KEY-----")
    _, _, key = held.client.read_text().partition("-----BEGIN PRIVATE KEY-----")
    held.server.write_text(f"{certificate}-----BEGIN PRIVATE KEY-----{key}")
    assert shaken(papers(folder, NOW), "127.0.0.1") == ""


def test_those_who_start_at_once_get_the_same_papers(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: papers(folder, NOW), range(8)))
    assert len({held.authority for held in made}) == 1
    assert shaken(made[0], "127.0.0.1") == ""
