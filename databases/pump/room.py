"""What a process needs before thousands of probes wait in it."""

import gc
import resource

_NEW_MOST = 20_000  # objects before the youngest are looked at


def make_room() -> None:
    """As many descriptors as the process may have, for every probe under way needs one. And fewer
    looks of the collector of garbage, which took a tenth of the CPU of a probe: what stands by now
    stays, and an attempt leaves no circles behind."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_MOST, 20, 20)
