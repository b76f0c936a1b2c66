"""Which fields does the specification of each kind have? For those who write one.

A test holds this table against what the kinds read; docs/adding-a-probe-kind.md names it as one of
the steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Described:
    """`default` as it is written in JSON; nothing for a field that must be given."""

    name: str
    default: str
    vi: str
    en: str

    def words(self) -> dict[str, str]:
        return {"vi": self.vi, "en": self.en}


_HOST = Described("host", "", "tên hoặc địa chỉ máy chủ", "name or address of the server")
_URL = Described("url", "", "địa chỉ http hoặc https đầy đủ", "the whole http or https address")
_SLOW = Described(
    "slow",
    "null",
    "số mili giây, lâu hơn thì cảnh báo",
    "milliseconds; what takes longer is a warning",
)
_MAX_AGE = Described(
    "max_age",
    "null",
    "số giây, dữ liệu cũ hơn thì cảnh báo",
    "seconds; older data is a warning",
)
_CALL = (
    Described("headers", "{}", "tiêu đề gửi đi: tên và giá trị", "headers to send: name and value"),
    Described(
        "redirects",
        "0",
        "số lần chuyển hướng được đi theo, nhiều nhất 3",
        "how many redirects are followed, at most 3",
    ),
    Described(
        "warn_days",
        "14",
        "cảnh báo khi chứng thư số còn ít ngày hơn",
        "warns when their certificate has fewer days left",
    ),
)

FIELDS: Mapping[str, tuple[Described, ...]] = MappingProxyType(
    {
        "dns": (
            Described("name", "", "tên miền được hỏi", "the name that is asked for"),
            Described(
                "type",
                '"A"',
                "loại bản ghi: A, AAAA, CNAME, MX, NS hoặc TXT",
                "kind of record: A, AAAA, CNAME, MX, NS or TXT",
            ),
            Described(
                "expected",
                "[]",
                "các bản ghi phải có trong câu trả lời",
                "records that must be among the answers",
            ),
        ),
        "tcp": (
            _HOST,
            Described("port", "", "cổng, từ 1 đến 65535", "the port, from 1 to 65535"),
        ),
        "tls": (
            _HOST,
            Described("port", "443", "cổng", "the port"),
            Described(
                "name",
                "host",
                "tên mà chứng thư số phải mang",
                "the name that the certificate must bear",
            ),
            Described(
                "warn_days", "30", "cảnh báo khi còn ít ngày hơn", "warns when fewer days are left"
            ),
            Described(
                "fail_days", "7", "lỗi khi còn ít ngày hơn", "fails when fewer days are left"
            ),
        ),
        "http": (
            _URL,
            Described("method", '"GET"', "GET hoặc HEAD", "GET or HEAD"),
            *_CALL,
            Described(
                "status", "[200]", "các mã trả lời được coi là tốt", "the statuses that are fine"
            ),
            Described(
                "contains",
                '""',
                "đoạn chữ phải có trong nội dung",
                "a text that the body must hold",
            ),
            Described(
                "answered",
                "{}",
                "tiêu đề phải có trong câu trả lời: tên và giá trị",
                "headers that must be answered: name and value",
            ),
            Described(
                "json",
                "{}",
                "đường dẫn như $.status và giá trị phải có",
                "paths such as $.status and the value that must stand there",
            ),
            Described(
                "age",
                '""',
                "đường dẫn tới thời điểm của dữ liệu mới nhất",
                "path of the instant of the newest data",
            ),
            _MAX_AGE,
            _SLOW,
        ),
        "fhir": (
            Described("url", "", "địa chỉ của /metadata", "the address of /metadata"),
            Described("version", '"4."', "fhirVersion bắt đầu bằng", "how fhirVersion begins"),
            Described(
                "resources",
                "[]",
                "các loại tài nguyên phải được cung cấp",
                "types of resource that must be offered",
            ),
            *_CALL,
            _SLOW,
        ),
        "soap": (
            Described(
                "url",
                "",
                "địa chỉ của dịch vụ; có ?wsdl để đọc mô tả",
                "the address of the service; with ?wsdl to read its description",
            ),
            Described(
                "action",
                '""',
                "SOAPAction của lời gọi rỗng; để trống thì đọc WSDL",
                "SOAPAction of an empty call; left out, the WSDL is read",
            ),
            *_CALL,
            _SLOW,
        ),
        "postgres": (
            _HOST,
            Described("port", "5432", "cổng", "the port"),
            Described("database", "", "tên cơ sở dữ liệu", "name of the database"),
            Described(
                "user",
                "",
                "người dùng; mật khẩu là thông tin xác thực",
                "the user; the password is a credential",
            ),
            Described(
                "tls",
                '"verify-full"',
                "verify-full, require hoặc disable",
                "verify-full, require or disable",
            ),
            Described(
                "statement",
                '"alive"',
                "một câu lệnh có sẵn: alive, clock hoặc newest",
                "one of the fixed statements: alive, clock or newest",
            ),
            _MAX_AGE,
            _SLOW,
        ),
        "heartbeat": (
            Described(
                "every", "3600", "số giây giữa hai lần báo nhịp", "seconds between two reports"
            ),
            Described("grace", "60", "số giây được chậm thêm", "seconds that it may be late"),
            _MAX_AGE,
        ),
    }
)
