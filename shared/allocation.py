"""Keeping the process as small as what it holds, at little cost.

glibc serves a block of memory that is larger than a threshold straight from the system, and gives it back
when it is freed. Left alone, the threshold grows with the first large blocks, up to 32 MB, and pages of
JSON then leave holes in the heap that nothing fits: a sync's peak is twice what it needs.

Python looks for objects that refer to each other in circles, after each 700 that were made and not freed. A page of
JSON makes ten thousands, in no circles: looking at them took a third of the time that parsing takes.
"""

import ctypes
import gc
import sys

MMAP_THRESHOLD = -3
"""`M_MMAP_THRESHOLD` of mallopt(3)."""
LARGE_BLOCK_BYTES = 256 * 1024
MOST_UNSEEN = 50_000
"""Objects, a few pages of records: so many at most wait to be freed, where they are circles."""


def give_back_large_blocks() -> None:
    """Fix the threshold. Where the C library is another one, nothing happens."""
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        mallopt(MMAP_THRESHOLD, LARGE_BLOCK_BYTES)


def look_for_circles_seldom() -> None:
    """From now on in the whole process."""
    gc.set_threshold(MOST_UNSEEN)
