"""One household watched through a run: what it was, what it weighed, what was drawn and what came of it.

Nothing here changes a run. Whatever is told of a decision is computed by the kernels that make it, at the point of
the month at which they make it; `choice`, `settling` and `homes` are the only files that know how to call them.
"""

from model.trace.choice import PART_KEYS, Alternative, Decision, Trigger, takes_offer
from model.trace.homes import Wish
from model.trace.recorder import LivedMonth, NoSuchPerson, Tracer, trace
from model.trace.settling import Settling
from model.trace.snapshot import Snapshot, first_of, snapshot

__all__ = [
    "PART_KEYS", "Alternative", "Decision", "LivedMonth", "NoSuchPerson", "Settling", "Snapshot", "Tracer", "Trigger",
    "Wish", "first_of", "snapshot", "takes_offer", "trace",
]
