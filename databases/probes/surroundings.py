"""What a probe is given beside its specification."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Secret:
    """A credential, opened. Bound to its host; `text` never shows in a repr."""

    kind: str
    host: str
    text: bytes

    def __repr__(self) -> str:
        return f"Secret({self.kind}, {self.host})"


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
