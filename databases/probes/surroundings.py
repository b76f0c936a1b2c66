"""What a probe is given beside its specification."""

from dataclasses import dataclass
from datetime import datetime

from databases.probes.address import BadTarget, host_of
from databases.probes.reading import Misconfigured


@dataclass(frozen=True, slots=True)
class Secret:
    """A credential, opened. Bound to its host; `text` never shows in a repr."""

    kind: str
    host: str
    text: bytes

    def __repr__(self) -> str:
        return f"Secret({self.kind}, {self.host})"

    def require(self, host: str, *kinds: str) -> None:
        """Misconfigured unless it may be shown to that host, and is of one of these kinds."""
        if self.kind not in kinds:
            raise Misconfigured("credential_of_another_kind")
        try:
            bound = host_of(self.host)
        except BadTarget:
            bound = ""
        if not bound or bound != host:
            raise Misconfigured("credential_for_another_host")

    def word(self) -> str:
        """As text that can stand on one line; Misconfigured."""
        try:
            found = self.text.decode().strip("\r\n")
        except UnicodeDecodeError:
            raise Misconfigured("credential_unreadable") from None
        if not found.isprintable():
            raise Misconfigured("credential_unreadable")
        return found


@dataclass(frozen=True, slots=True)
class Heard:
    """The last report that the other side sent to us."""

    at: datetime
    watermark: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """`authorities`: PEM of the zone's certificate authorities, nothing for the system's."""

    authorities: str = ""
    secret: Secret | None = None
    heard: Heard | None = None
    interval: int = 60  # s
