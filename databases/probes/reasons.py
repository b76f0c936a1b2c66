"""What does the word with which an attempt ended mean to a person? Both languages, in one place."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from databases.probes.egress import REFUSED

# Vietnamese, English.
_OUR_OWN = {
    "bad_specification": ("cấu hình của điểm kết nối không đọc được", "its specification is wrong"),
    "redirect_refused": (
        "bị chặn: câu trả lời chuyển hướng tới nơi không được phép",
        "held back: it redirects to where we must not go",
    ),
    "credential_for_another_host": (
        "thông tin xác thực thuộc về máy chủ khác",
        "the credential is bound to another host",
    ),
    "credential_of_another_kind": (
        "loại thông tin xác thực không dùng được cho kiểu kiểm tra này",
        "the credential is of a kind that this probe cannot use",
    ),
    "credential_unreadable": (
        "không mở được thông tin xác thực, cần nhập lại",
        "the credential cannot be read and must be entered again",
    ),
    "credential_without_tls": (
        "không gửi thông tin xác thực qua kết nối không có TLS",
        "a credential is not sent without TLS",
    ),
    "certificate_unreadable": (
        "không đọc được chứng thư số hoặc khóa của phía chúng tôi",
        "our own certificate or its key cannot be read",
    ),
    "authorities_unreadable": (
        "không đọc được chứng thư số gốc của vùng",
        "the certificate authorities of the zone cannot be read",
    ),
    "not_read_only": (
        "phiên làm việc với cơ sở dữ liệu không ở chế độ chỉ đọc nên không hỏi gì",
        "the session with the database is not read only, so nothing was asked",
    ),
    "nothing_connected": (
        "kiểu kiểm tra gửi trước khi kết nối",
        "this kind of probe sends before it connects",
    ),
    "prober_fault": (
        "chương trình kiểm tra của cổng bị lỗi",
        "our own prober has a fault",
    ),
    "prober_late": ("chương trình kiểm tra bị chậm", "the prober itself was slow"),
    "our_limits": (
        "máy kiểm tra đã hết tài nguyên mạng",
        "the probing machine has reached its own limits",
    ),
    "our_firewall": (
        "tường lửa của máy kiểm tra chặn kết nối",
        "the firewall of the probing machine held it back",
    ),
    "no_name_server": ("vùng không có máy chủ tên miền", "the zone has no name server"),
    "sentinels": (
        "các điểm mốc của vùng cũng không trả lời, có thể do phía chúng tôi",
        "the sentinels of the zone do not answer either, so it may be us",
    ),
}
_REACHED = {
    "name_unknown": ("tên miền không tồn tại", "the name does not exist"),
    "name_without_address": ("tên miền không có địa chỉ", "the name has no address"),
    "name_without_record": (
        "tên miền không có bản ghi loại được hỏi",
        "the name has no record of that kind",
    ),
    "name_differs": (
        "bản ghi tên miền khác với thỏa thuận",
        "the records of the name are not those agreed",
    ),
    "name_server_failed": ("máy chủ tên miền báo lỗi", "the name servers report a failure"),
    "name_timed_out": ("máy chủ tên miền không trả lời", "no name server answered in time"),
    "refused": ("máy chủ từ chối kết nối", "the connection was refused"),
    "reset": ("máy chủ ngắt kết nối đột ngột", "the connection was reset"),
    "unreachable": ("không có đường tới máy chủ", "there is no way to the host"),
    "connect_timed_out": ("không kết nối được trong thời gian cho phép", "no connection in time"),
    "tls_timed_out": ("bắt tay TLS quá thời gian cho phép", "the TLS handshake took too long"),
    "tls_failed": ("bắt tay TLS thất bại", "the TLS handshake failed"),
    "tls_version": ("phiên bản TLS quá cũ hoặc không khớp", "no common version of TLS"),
    "not_tls": ("cổng này không dùng TLS", "it does not speak TLS there"),
    "certificate_expired": ("chứng thư số đã hết hạn", "its certificate has expired"),
    "certificate_not_yet_valid": (
        "chứng thư số chưa có hiệu lực",
        "its certificate is not valid yet",
    ),
    "certificate_name": (
        "chứng thư số không dành cho tên này",
        "its certificate is for another name",
    ),
    "certificate_self_signed": ("chứng thư số tự ký", "its certificate is signed by itself"),
    "certificate_untrusted": (
        "chứng thư số không do tổ chức được tin cậy cấp",
        "its certificate is from no trusted authority",
    ),
    "certificate_ends": ("chứng thư số sắp hết hạn", "its certificate ends soon"),
    "own_certificate_ends": (
        "chứng thư số của phía chúng tôi sắp hết hạn",
        "our own certificate ends soon",
    ),
    "client_certificate_missing": (
        "bên kia đòi chứng thư số của phía chúng tôi",
        "it demands a certificate of ours",
    ),
    "client_certificate_refused": (
        "bên kia không chấp nhận chứng thư số của phía chúng tôi",
        "it refused our certificate",
    ),
}
_ANSWERED = {
    "timed_out": ("không trả lời trong thời gian cho phép", "it did not answer in time"),
    "closed_without_answer": ("ngắt kết nối mà không trả lời", "it hung up without an answer"),
    "answer_cut_off": ("câu trả lời bị đứt giữa chừng", "its answer broke off"),
    "answer_unreadable": ("câu trả lời nén không đọc được", "its compressed answer is damaged"),
    "unknown_coding": (
        "câu trả lời nén theo cách lạ",
        "its answer is packed in an unknown way",
    ),
    "too_large": ("câu trả lời quá lớn", "its answer is too large"),
    "too_many_redirects": ("chuyển hướng quá nhiều lần", "it redirects too often"),
    "not_http": ("câu trả lời không phải HTTP", "its answer is no HTTP"),
    "not_json": ("nội dung không phải JSON", "its answer is no JSON"),
    "not_xml": ("nội dung không phải XML hợp lệ", "its answer is no XML that may be read"),
    "not_postgres": ("không phải máy chủ PostgreSQL", "it is no PostgreSQL server"),
    "from_a_cache": ("câu trả lời lấy từ bộ nhớ đệm", "its answer came from a cache"),
    "slow": ("trả lời chậm hơn thỏa thuận", "it answers more slowly than agreed"),
    "header_differs": (
        "tiêu đề trả lời khác với thỏa thuận",
        "a header of its answer is not as agreed",
    ),
    "text_missing": ("thiếu đoạn chữ đã thỏa thuận", "the agreed text is missing"),
    "value_differs": ("giá trị khác với thỏa thuận", "a value is not as agreed"),
    "value_missing": ("thiếu giá trị đã thỏa thuận", "an agreed value is missing"),
    "age_unreadable": (
        "không đọc được thời điểm của dữ liệu",
        "the instant of its data cannot be read",
    ),
    "stale": ("dữ liệu cũ hơn mức đã thỏa thuận", "its data is older than agreed"),
    "from_the_future": (
        "dữ liệu mang thời điểm trong tương lai",
        "its data bears an instant in the future",
    ),
    "clock_differs": ("đồng hồ của máy chủ bị lệch", "its clock differs from ours"),
    "no_capability_statement": (
        "không có CapabilityStatement của FHIR",
        "it shows no CapabilityStatement of FHIR",
    ),
    "fhir_version_differs": (
        "phiên bản FHIR khác với thỏa thuận",
        "its version of FHIR is not the one agreed",
    ),
    "fhir_resource_missing": (
        "thiếu loại tài nguyên FHIR đã thỏa thuận",
        "an agreed type of FHIR resource is missing",
    ),
    "no_wsdl": ("không có mô tả WSDL", "it shows no WSDL"),
    "no_soap": ("câu trả lời không phải SOAP", "its answer is no SOAP"),
    "soap_fault": ("dịch vụ trả lời lỗi SOAP", "it answered with a SOAP fault"),
    "login_refused": ("cơ sở dữ liệu từ chối đăng nhập", "the database refused the login"),
    "database_unknown": ("không có cơ sở dữ liệu tên này", "there is no database of that name"),
    "database_refused": (
        "cơ sở dữ liệu không nhận phiên làm việc",
        "the database takes no session",
    ),
    "statement_failed": ("câu lệnh bị lỗi", "the statement failed"),
    "statement_timed_out": (
        "câu lệnh chạy quá thời gian cho phép",
        "the statement took too long",
    ),
    "never_reported": ("chưa bao giờ báo nhịp về cổng", "it has never reported to the portal"),
    "report_overdue": ("quá hạn báo nhịp về cổng", "its report is overdue"),
    "watermark_missing": (
        "báo nhịp không kèm thời điểm của dữ liệu",
        "its report does not tell of its newest data",
    ),
}
_EGRESS = {
    f"egress_{because}": (f"bị chặn: điểm đến {vi}", f"held back: the target {en}")
    for because, (vi, en) in REFUSED.items()
}
WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {**_OUR_OWN, **_REACHED, **_ANSWERED, **_EGRESS}
)
_STATUS = re.compile(r"status_(\d{3})")


def reason_words(reason: str) -> dict[str, str]:
    """The reason of a reading in Vietnamese and English, to stand in a sentence; a word that is
    not known, of an older version perhaps, stands for itself."""
    if found := _STATUS.fullmatch(reason):
        return {
            "vi": f"trả lời với mã HTTP {found[1]}",
            "en": f"it answered with HTTP status {found[1]}",
        }
    vi, en = WORDS.get(reason, (reason, reason))
    return {"vi": vi, "en": en}
