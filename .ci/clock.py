"""An environment in which a run begins at a given minute of the ministry's day: CLOCK=23:59.

The clock is moved, not stopped, and by the same stretch for every process that is started from
here: tests, what they start, PostgreSQL, Redis, the browser. clock.c does it, beneath them all;
stretches of time (monotonic clocks) and the times of files stay as they are.
"""

import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from time import time
from zoneinfo import ZoneInfo

MINISTRY = ZoneInfo("Asia/Ho_Chi_Minh")
SOURCE = Path(__file__).with_name("clock.c")


def moved(clock: str, folder: str) -> dict[str, str]:
    """What the environment has more, for a run that begins at the next such minute."""
    for given in ("DATABASE_URL", "REDIS_URL"):
        if os.environ.get(given):
            sys.exit(f"CLOCK moves no server that runs already: take {given} away.")
    now = datetime.fromtimestamp(time(), MINISTRY)
    try:
        hour, minute = map(int, clock.split(":"))
        begins = now.replace(hour=hour, minute=minute, second=0)
    except ValueError:
        sys.exit(f"CLOCK={clock}: say a time of day in Hà Nội, as CLOCK=23:59.")
    if begins < now:
        begins += timedelta(days=1)
    stretch = round((begins - now).total_seconds())
    return {"LD_PRELOAD": _library(Path(folder)), "CLOCK_MOVED": str(stretch)}


def _library(folder: Path) -> str:
    """Compiled anew, for whoever reads it to know what runs; readable for PostgreSQL's user."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        sys.exit("CLOCK needs a C compiler: apt-get install gcc libc6-dev.")
    library = folder / "clock.so"
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
    folder.chmod(0o755)
    return str(library)
