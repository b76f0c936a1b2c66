"""One way to send one report to many; benchmarks.mail starts it once per measurement.

python -m benchmarks.mail_one loop|reused|enqueue|deliver RECIPIENTS
"""

import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import django

SUBJECT = "Tiến độ đến hết ngày 18/11/2025: 3 đơn vị bị đánh dấu, 2 đơn vị mới bị đánh dấu"
LINE = "Cục Quản lý Dược: QUÁ HẠN 4/17 nhiệm vụ, chậm nhất là số 12, quá hạn 8 ngày"
TEXT = "\n".join(f"{n}. {LINE}" for n in range(60)) + "\n"
CELL = '<td style="padding:4px 8px;border-bottom:1px solid #ccc">'
HTML = (
    "<html><body><table>"
    + "\n".join(f"<tr>{CELL}{n}</td>{CELL}<b><u>{LINE}</u></b></td></tr>" for n in range(120))
    + "</table></body></html>"
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAME = "Danh sách tiến độ số 7.docx"
FILE = random.Random(7).randbytes(200_000)


def addresses(many: int) -> Iterator[tuple[str, str]]:
    for number in range(many):
        yield f"person{number}@moh.example", f"Nguyễn Văn {number}"


def loop(many: int) -> None:
    """As Django's documentation has it."""
    from django.core.mail import EmailMultiAlternatives

    for address, name in addresses(many):
        message = EmailMultiAlternatives(SUBJECT, TEXT, None, [f"{name} <{address}>"])
        message.attach_alternative(HTML, "text/html")
        message.attach(NAME, FILE, WORD)
        message.send()


def reused(many: int) -> None:
    from django.core.mail import EmailMultiAlternatives, get_connection

    with get_connection() as connection:
        for address, name in addresses(many):
            message = EmailMultiAlternatives(
                SUBJECT, TEXT, None, [f"{name} <{address}>"], connection=connection
            )
            message.attach_alternative(HTML, "text/html")
            message.attach(NAME, FILE, WORD)
            message.send()


def enqueue(many: int) -> None:
    from tracking.actions.outbox import File, Recipient, enqueue as write
    from tracking.emails.written import Written

    now = datetime.now(UTC)
    write(
        key=f"bench:{now.isoformat()}",
        kind="report",
        written=Written(SUBJECT, TEXT, HTML),
        language="vi",
        recipients=[Recipient(address, name) for address, name in addresses(many)],
        now=now,
        files=[File(NAME, WORD, FILE)],
    )


def deliver(many: int) -> None:
    from tracking.mail.sender import deliver as send

    tally = send(until=lambda: False)
    if tally.sent != many:
        raise SystemExit(f"Not all were sent: {tally}")


def main() -> None:
    django.setup()
    mode, many = sys.argv[1], int(sys.argv[2])
    ways: dict[str, Callable[[int], None]] = {
        "loop": loop,
        "reused": reused,
        "enqueue": enqueue,
        "deliver": deliver,
    }
    began, cpu = time.perf_counter(), time.process_time()
    ways[mode](many)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"seconds": seconds, "per_second": many / seconds, "cpu_ms": 1000 * cpu / many}
    print(json.dumps(found | {"peak_mb": peak}))


if __name__ == "__main__":
    main()
