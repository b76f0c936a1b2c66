"""What was typed into a form that could not be taken, kept until its person has signed in.

It travels signed in a hidden field of the page that asks to sign in: nothing is stored, and nobody
else's words can be put in its place."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

# For so long it is sent again at the press of a button; afterwards it can only be copied.
SECONDS = 2 * 60 * 60
# Characters once signed; the form that carries it stays below DATA_UPLOAD_MAX_MEMORY_SIZE.
MOST = 3_000_000

_SALT = "tracking.kept-text"
# Names of fields that are not kept, wherever these occur in them.
_SECRET = ("password", "secret", "csrfmiddlewaretoken")

Values = list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class KeptText:
    """`address`: where the form is sent to; `page`: where it stands; `files`: names of files to
    choose again; `typed_by`: whose session it was, "" if that is not known."""

    address: str
    page: str
    fields: Values
    files: Values
    multipart: bool = False
    dropped: bool = False  # passwords and secrets, which are never kept
    typed_by: str = ""

    @classmethod
    def of(cls, request: HttpRequest, typed_by: str = "") -> Self:
        sent = [(name, [str(v) for v in values]) for name, values in request.POST.lists()]
        files = [(n, [str(f.name) for f in files]) for n, files in request.FILES.lists()]
        return cls(
            address=request.get_full_path(),
            page=page_of(request),
            fields=[(name, values) for name, values in sent if not _secret(name)],
            files=files,
            multipart=request.content_type == "multipart/form-data",
            dropped=any(_secret(n) and n != "csrfmiddlewaretoken" for n, _values in sent),
            typed_by=typed_by,
        )

    @property
    def empty(self) -> bool:
        return not self.fields and not self.files

    def each(self) -> Iterator[tuple[str, str]]:
        """(name, value), a pair for each value."""
        for name, values in self.fields:
            yield from ((name, value) for value in values)


def seal(kept: KeptText) -> str:
    """ "" when it is too long to be carried."""
    text = signing.dumps(asdict(kept), salt=_SALT, compress=True)
    return text if len(text) <= MOST else ""


def unseal(text: str) -> tuple[KeptText, bool]:
    """What was kept, and whether that is too long ago; BadSignature when it is not ours."""
    try:
        return _read(signing.loads(text, salt=_SALT, max_age=SECONDS)), False
    except signing.SignatureExpired:
        return _read(signing.loads(text, salt=_SALT)), True


def page_of(request: HttpRequest) -> str:
    """The page on which a form was filled in: never one of another site."""
    came = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(came, {request.get_host()}):
        return request.get_full_path()
    parts = urlsplit(came)
    query = f"?{parts.query}" if parts.query else ""
    return f"/{parts.path.lstrip('/')}{query}"


def _read(stored: dict[str, Any]) -> KeptText:
    pairs = {name: [(n, values) for n, values in stored[name]] for name in ("fields", "files")}
    return KeptText(**{**stored, **pairs})


def _secret(name: str) -> bool:
    return any(part in name.lower() for part in _SECRET)
