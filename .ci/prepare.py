"""Is .venv ready for this lock (base or dev)? If not, make it so; silent and instant when it is.

Runs under any Python 3 at hand, so its own syntax stays old; what it prepares is 3.11 or newer.
"""

import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = ROOT / "requirements"
OLDEST = (3, 11)
NAMES = ("python3", "python3.13", "python3.12", "python3.11", "python3.14")

# A Python without ensurepip is Debian's without python3-venv: it cannot make an environment.
PROBE = """
import sys
try:
    import ensurepip, venv
    whole = "yes"
except ImportError:
    whole = "no"
print("%d.%d.%d" % sys.version_info[:3], whole, sys.executable)
"""

# What pip was told about the network, uv must be told too; it reads neither PIP_* nor pip.conf.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def run(command: "list[str]", env: "dict[str, str] | None" = None) -> "tuple[int, str]":
    """Exit status and everything the command printed."""
    try:
        done = subprocess.run(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def find_python() -> str:
    """The Python that PYTHON names, else the first good one; a sentence when there is none."""
    asked = os.environ.get("PYTHON", "")
    bare = []
    for name in [asked] if asked else NAMES:
        path = shutil.which(name)
        status, answer = run([path, "-c", PROBE]) if path else (127, "")
        if status or len(answer.split()) < 3:
            continue
        version, whole, executable = answer.strip().split(" ", 2)
        if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
            continue
        if whole == "yes":
            return executable
        bare.append(name)
    if bare:
        raise SystemExit(
            "%s cannot make virtual environments: its venv module is missing. On Debian or Ubuntu: "
            "apt-get install python3-venv. Then run the same command again." % bare[0]
        )
    if asked:
        raise SystemExit(
            "PYTHON=%s is not a Python 3.11 or newer. Name one that is, or leave it out." % asked
        )
    raise SystemExit(
        "No Python 3.11 or newer was found (tried %s). Install one, or name it: make run PYTHON=…"
        % ", ".join(NAMES)
    )


def venv_version() -> str:
    """The version that .venv was made with, empty when there is no usable .venv."""
    # Not Path.exists, which raises where a folder on the way may not be entered.
    if not os.path.exists(str(VENV / "bin" / "python")):
        return ""
    for line in (VENV / "pyvenv.cfg").read_text().splitlines():
        if line.startswith("version"):
            return line.partition("=")[2].strip()
    return ""


def key(lock: str) -> str:
    """What the stamp must say: this lock, this Python, this place (scripts know their path)."""
    told = [(LOCKS / (lock + ".txt")).read_bytes(), venv_version().encode(), str(VENV).encode()]
    return hashlib.sha256(b"\n".join(told)).hexdigest()


def stamp(lock: str) -> Path:
    return VENV / (".ready-" + lock)


def is_ready(lock: str) -> bool:
    return bool(venv_version()) and stamp(lock).exists() and stamp(lock).read_text() == key(lock)


def is_wanted_python() -> bool:
    """Whether .venv is of the Python that PYTHON names; without PYTHON any is."""
    asked = os.environ.get("PYTHON", "")
    if not asked:
        return True
    _, answer = run([shutil.which(asked) or asked, "-c", PROBE])
    return answer.split(" ")[0] == venv_version()


def make_venv() -> None:
    python = find_python()
    say("Making the environment .venv with %s." % python)
    status, told = run([python, "-m", "venv", "--clear", str(VENV)])
    if status:
        raise SystemExit(
            "The environment .venv could not be made: the folder may be read-only, the disk full, "
            "or venv broken (on Debian or Ubuntu: apt-get install python3-venv). It said:\n"
            + told.strip()
        )


def uv_environment(pip: "list[str]") -> "dict[str, str]":
    # pip trusts the system's certificates; the hashes make any index as good as another.
    environment = dict(os.environ, UV_SYSTEM_CERTS="1", UV_INDEX_STRATEGY="unsafe-best-match")
    environment["UV_PYTHON_DOWNLOADS"] = "never"
    home = os.environ.get("HOME", "")
    if not home or not os.access(home, os.W_OK):
        environment["UV_NO_CACHE"] = "1"
    _, listed = run([*pip, "config", "list"])
    # Variables are listed first; a line further down must not win over them.
    for line in listed.splitlines():
        option, _, value = line.partition("=")
        name = UV_NAMES.get(option.rpartition(".")[2])
        if name and value:
            environment.setdefault(name, " ".join(shlex.split(value)))
    return environment


def install(lock: str) -> None:
    """uv first, seconds instead of a minute; pip where uv cannot be had or finds no way out."""
    python = str(VENV / "bin" / "python")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    hashed = ["--require-hashes", "--requirement"]
    status, told = run([*pip, "install", *hashed, str(LOCKS / "uv.txt")])
    if not status:
        uv = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python]
        status, told = run([*uv, *hashed, str(LOCKS / (lock + ".txt"))], env=uv_environment(pip))
    if status:
        say("uv cannot be used here (%s)." % " ".join(told.split())[-300:])
        say("Installing with pip, which takes about a minute.")
        status, told = run([*pip, "install", *hashed, str(LOCKS / (lock + ".txt"))])
        if status:
            raise SystemExit(
                "The packages could not be installed. Is there a network? A mirror or a proxy is "
                "named by PIP_INDEX_URL or PIP_PROXY. Then run the same command again. pip said:\n"
                + "\n".join(told.strip().splitlines()[-5:])
            )


def prepare(lock: str) -> None:
    started = time.time()
    python = str(VENV / "bin" / "python")
    # One without pip is the remains of a beginning that was cut short.
    if not is_wanted_python() or not venv_version() or run([python, "-m", "pip", "--version"])[0]:
        make_venv()
    say("Installing requirements/%s.txt." % lock)
    install(lock)
    # The development lock holds all of the base lock.
    for done in ("base", "dev") if lock == "dev" else ("base",):
        stamp(done).write_text(key(done))
    say("The environment is ready after %.0f s." % (time.time() - started))


def main() -> None:
    lock = sys.argv[1] if sys.argv[1:] else "base"
    if not (LOCKS / (lock + ".txt")).is_file():
        raise SystemExit("There is no lock requirements/%s.txt; say base or dev." % lock)
    if is_ready(lock) and is_wanted_python():
        return
    # Two makes may start at once; the second waits and finds the work done.
    folder = os.open(str(ROOT), os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    if not (is_ready(lock) and is_wanted_python()):
        prepare(lock)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        # What was begun is taken up again by the next start.
        sys.exit(130)
