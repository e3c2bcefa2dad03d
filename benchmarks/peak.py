"""Peak memory of a process."""

from __future__ import annotations

import resource
from pathlib import Path


def peak_mib() -> float:
    """Peak memory of this process, MiB; ru_maxrss would tell that of the one it was started from on Linux."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
