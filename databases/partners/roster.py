"""Which stand-ins are there, how does each behave, and on which port?"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

HOST = "127.0.0.1"
# Said wherever a stand-in shows: nobody shall take one for the real system.
LABEL_VI, LABEL_EN = "hệ thống giả lập, minh họa", "stand-in, illustrative"
LABEL = f"{LABEL_VI} / {LABEL_EN}"


class Behavior(StrEnum):
    HEALTHY = "healthy"
    FRESH = "fresh"
    STALE = "stale"
    SLOW = "slow"
    FAILING = "failing"
    FLAPPING = "flapping"
    CLIENT_CERTIFICATE = "client_certificate"
    FHIR = "fhir"
    SOAP = "soap"
    POSTGRES = "postgres"
    HANGING = "hanging"
    TCP = "tcp"
    NAME_SERVER = "name_server"
    HEARTBEAT = "heartbeat"


# Vietnamese, English.
BEHAVIOR_WORDS: Mapping[Behavior, tuple[str, str]] = MappingProxyType(
    {
        Behavior.HEALTHY: ("HTTPS, trả lời JSON", "answers JSON over HTTPS"),
        Behavior.FRESH: ("JSON với dữ liệu mới", "JSON with fresh data"),
        Behavior.STALE: ("JSON với dữ liệu cũ nhiều ngày", "JSON whose data is days old"),
        Behavior.SLOW: ("trả lời chậm", "answers slowly"),
        Behavior.FAILING: ("luôn trả lời lỗi 500", "always answers with status 500"),
        Behavior.FLAPPING: ("lúc được lúc lỗi", "answers and fails by turns"),
        Behavior.CLIENT_CERTIFICATE: (
            "đòi chứng thư số của bên gọi",
            "demands the caller's certificate",
        ),
        Behavior.FHIR: ("máy chủ FHIR R4", "FHIR R4 server"),
        Behavior.SOAP: ("dịch vụ SOAP có WSDL", "SOAP service with a WSDL"),
        Behavior.POSTGRES: ("nói giao thức PostgreSQL", "speaks the protocol of PostgreSQL"),
        Behavior.HANGING: ("nhận kết nối, không trả lời", "takes connections, never answers"),
        Behavior.TCP: ("cổng TCP mở", "open TCP port"),
        Behavior.NAME_SERVER: ("máy chủ tên miền", "name server"),
        Behavior.HEARTBEAT: ("tự báo nhịp về cổng", "reports to the portal by itself"),
    }
)


@dataclass(frozen=True, slots=True)
class StandIn:
    """`offset` from the base port; None: it does not listen. The code is also that of the endpoint
    which probes it; a second endpoint has the code with a suffix."""

    code: str
    behavior: Behavior
    offset: int | None

    def port(self, base: int) -> int:
        """ValueError for one that does not listen."""
        if self.offset is None:
            raise ValueError(self.code)
        return base + self.offset

    @property
    def name_vi(self) -> str:
        return f"{_named(BEHAVIOR_WORDS[self.behavior][0])} ({LABEL_VI})"

    @property
    def name_en(self) -> str:
        return f"{_named(BEHAVIOR_WORDS[self.behavior][1])} ({LABEL_EN})"


def _named(words: str) -> str:
    """As a name begins."""
    return words[0].upper() + words[1:]


# MOC (mốc): what our own sight is judged by. XT (xác thực): our certificate is asked for. BT (báo
# tin): a heartbeat. The number is that of the database on whose other side it stands.
_LISTENING = (
    ("GL-MOC-1", Behavior.HEALTHY),
    ("GL-MOC-2", Behavior.TCP),
    ("GL-MOC-3", Behavior.HEALTHY),
    ("GL-01", Behavior.FRESH),
    ("GL-02", Behavior.FHIR),
    ("GL-03", Behavior.SOAP),
    ("GL-04", Behavior.POSTGRES),
    ("GL-04-XT", Behavior.CLIENT_CERTIFICATE),
    ("GL-05", Behavior.FAILING),
    ("GL-06", Behavior.SLOW),
    ("GL-07", Behavior.HANGING),
    ("GL-08", Behavior.FLAPPING),
    ("GL-09", Behavior.STALE),
    ("GL-10", Behavior.FRESH),
    ("GL-12-1", Behavior.HEALTHY),
    ("GL-12-2", Behavior.TCP),
    ("GL-TEN", Behavior.NAME_SERVER),
)
ROSTER: Mapping[str, StandIn] = MappingProxyType(
    {code: StandIn(code, behavior, n) for n, (code, behavior) in enumerate(_LISTENING)}
    | {"GL-01-BT": StandIn("GL-01-BT", Behavior.HEARTBEAT, None)}
)


def ports(base: int) -> range:
    """All that the stand-ins listen on."""
    return range(base, base + len(_LISTENING))
