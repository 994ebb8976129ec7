"""Keeping the process as small as what it holds.

glibc serves a block of memory that is larger than a threshold straight from the system, and gives it back
when it is freed. Left alone, the threshold grows with the first large blocks, up to 32 MB, and pages of
JSON then leave holes in the heap that nothing fits: a sync's peak is twice what it needs.
"""

import ctypes
import sys

MMAP_THRESHOLD = -3
"""`M_MMAP_THRESHOLD` of mallopt(3)."""
LARGE_BLOCK_BYTES = 256 * 1024


def give_back_large_blocks() -> None:
    """Fix the threshold. Where the C library is another one, nothing happens."""
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        mallopt(MMAP_THRESHOLD, LARGE_BLOCK_BYTES)
