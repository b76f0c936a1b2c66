"""Certificates for the servers of tests: an authority, and leaves with whatever is wrong."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC)
AUTHORITY = "Test authority"
HERE = ("127.0.0.1", "::1", "service.test")


@dataclass(frozen=True)
class Issued:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def with_key(self, password: bytes = b"") -> bytes:
        """In one PEM, the key locked when there is a password."""
        lock = BestAvailableEncryption(password) if password else NoEncryption()
        return self.pem + self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@cache
def authority(common: str) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder(_name(common), _name(common), key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Issued(builder.sign(key, hashes.SHA256()), key)


@cache
def leaf(
    *names: str,
    issuer: str | None = AUTHORITY,
    begins: float = -1.0,
    ends: float = 365.5,
) -> Issued:
    """`begins` and `ends` in days from now; without an issuer it vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    root = authority(issuer) if issuer else None
    common = _name(names[0] if names else "Portal")
    builder = (
        x509.CertificateBuilder(
            root.certificate.subject if root else common, common, key.public_key()
        )
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=begins))
        .not_valid_after(NOW + timedelta(days=ends))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    if names:
        alternatives = x509.SubjectAlternativeName([_alternative(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    return Issued(builder.sign(root.key if root else key, hashes.SHA256()), key)


def trusted() -> str:
    """What a zone of the tests trusts."""
    return authority(AUTHORITY).pem.decode()
