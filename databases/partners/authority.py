"""Who vouches for the stand-ins? A certificate authority for tests, made on first use.

It can vouch for this machine alone: its certificate says so, should it ever be trusted elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from databases.partners.kept import alone, write
from databases.partners.roster import HOST, LABEL_EN

_YEAR = timedelta(days=365)
_CLOCKS_DIFFER = timedelta(days=1)
_KEY_USES = (
    "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
    "key_cert_sign crl_sign encipher_only decipher_only"
).split()


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def pem(self) -> bytes:
        """Both, as OpenSSL reads them from one file."""
        secret = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return self.certificate.public_bytes(Encoding.PEM) + secret


@dataclass(frozen=True, slots=True)
class Papers:
    """`authority`: PEM of the certificate that vouches; `server` and `client`: files with a
    certificate and its key in PEM."""

    authority: str
    server: Path
    client: Path


def papers(folder: Path, now: datetime) -> Papers:
    """Those in the folder; made where missing, unreadable or near their end."""
    with alone(folder):
        root = _stored(folder / "authority.pem")
        if root is None or _ends(root, now) < 4 * _YEAR:
            root = _authority(now)
            write(folder / "authority.pem", root.pem())
        for name, made in (("server", _server), ("client", _client)):
            held = _stored(folder / f"{name}.pem")
            if held is None or _ends(held, now) < _YEAR or not _vouched(held, root):
                write(folder / f"{name}.pem", made(root, now).pem())
    told = root.certificate.public_bytes(Encoding.PEM).decode()
    return Papers(told, folder / "server.pem", folder / "client.pem")


def _stored(path: Path) -> Identity | None:
    try:
        data = path.read_bytes()
        key = load_pem_private_key(data, None)
        certificate = x509.load_pem_x509_certificate(data)
    except (OSError, ValueError, TypeError):
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        return None
    return Identity(certificate, key) if key.public_key() == certificate.public_key() else None


def _ends(held: Identity, now: datetime) -> timedelta:
    return held.certificate.not_valid_after_utc - now


def _vouched(held: Identity, root: Identity) -> bool:
    try:
        held.certificate.verify_directly_issued_by(root.certificate)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _authority(now: datetime) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Test authority ({LABEL_EN})")
    here = [x509.IPAddress(ip_network("127.0.0.0/8")), x509.DNSName("localhost")]
    built = _begun(name, name, key, now, 10 * _YEAR)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    built = built.add_extension(_uses("key_cert_sign"), critical=True)
    built = built.add_extension(x509.NameConstraints(here, None), critical=True)
    return Identity(built.sign(key, hashes.SHA256()), key)


def _server(root: Identity, now: datetime) -> Identity:
    here = [x509.IPAddress(ip_address(HOST)), x509.DNSName("localhost")]
    names = x509.SubjectAlternativeName(here)
    return _leaf(root, now, f"Server ({LABEL_EN})", ExtendedKeyUsageOID.SERVER_AUTH, names)


def _client(root: Identity, now: datetime) -> Identity:
    return _leaf(root, now, f"Portal ({LABEL_EN})", ExtendedKeyUsageOID.CLIENT_AUTH, None)


def _leaf(
    root: Identity,
    now: datetime,
    name: str,
    use: x509.ObjectIdentifier,
    names: x509.SubjectAlternativeName | None,
) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = root.certificate
    vouches = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    built = _begun(_name(name), issuer.subject, key, now, 3 * _YEAR)
    built = built.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    built = built.add_extension(_uses("digital_signature"), critical=True)
    built = built.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
    built = built.add_extension(vouches, critical=False)
    if names is not None:
        built = built.add_extension(names, critical=False)
    return Identity(built.sign(root.key, hashes.SHA256()), key)


def _begun(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    built = x509.CertificateBuilder(issuer, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - _CLOCKS_DIFFER).not_valid_after(now + lasts)
    known_by = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return built.add_extension(known_by, critical=False)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _uses(*wanted: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in wanted for use in _KEY_USES})
