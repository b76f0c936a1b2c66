"""A real PostgreSQL of its own that demands a password and speaks TLS."""

import os
import subprocess
from pathlib import Path
from urllib.parse import quote

from tests.databases.probe_authority import HERE, leaf
from tests.servers import PostgreSQL

PASSWORD = "Mật khẩu 'đúng' \\ 91"


class LockedPostgreSQL(PostgreSQL):
    """With TLS or without, as the caller likes, and always with a password."""

    variable = "NEVER_GIVEN"

    def prepare(self, binaries: Path, folder: Path) -> None:
        for name, data in (("word", PASSWORD.encode()), ("server.pem", leaf(*HERE).with_key())):
            path = folder / name
            path.write_bytes(data)
            path.chmod(0o600)
            if "user" in self.options:
                os.chown(path, self.options["user"], self.options["group"])
        how = "--username portal --auth scram-sha-256 --encoding UTF8 --locale C.UTF-8 --no-sync"
        where = ["--pgdata", str(folder / "data"), "--pwfile", str(folder / "word")]
        subprocess.run(
            [str(binaries / "initdb"), *where, *how.split()],
            check=True,
            capture_output=True,
            **self.options,
        )

    def arguments(self, folder: Path, port: int) -> list[str]:
        papers = str(folder / "server.pem")
        tls = ["-c", "ssl=on", "-c", f"ssl_cert_file={papers}", "-c", f"ssl_key_file={papers}"]
        return [*super().arguments(folder, port), *tls]

    def address(self, port: int, database: str = "portal") -> str:
        return f"postgresql://portal:{quote(PASSWORD)}@127.0.0.1:{port}/{database}"
