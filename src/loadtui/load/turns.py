"""Which VU of an entry may begin an iteration, and when: at once, by count, or when one is due."""

from __future__ import annotations

from collections import deque
from typing import Protocol


class Waiting(Protocol):
    """A VU that waits for a start."""

    def start(self, due: float) -> bool:
        """Begin an iteration that was due at that moment; False when it waits no more."""

    def nudge(self) -> None:
        """Wait no more."""


class Turns:
    """The rule for beginning. `is_paced`: iterations begin when they are handed over.

    Else each begins when the one before has ended, while any are `left` (None: no limit) and the
    VU has begun less than `each` (None: no limit).
    """

    __slots__ = ("_fresh", "_waiting", "each", "idle", "is_paced", "left", "taken")

    def __init__(self) -> None:
        """Whoever wants to may begin."""
        self.left: int | None = None
        self.each: int | None = None
        self.is_paced = False
        self.idle = 0
        """VUs that wait for a start."""
        self.taken = 0
        """Iterations begun since the last limit was set."""
        self._waiting: deque[Waiting] = deque()
        self._fresh: deque[Waiting] = deque()

    @property
    def is_limited(self) -> bool:
        """Whether a VU may come to its end without being told to."""
        return self.left is not None or self.each is not None

    def take(self, begun: int) -> bool:
        """Take a turn for a VU that has begun so many; False when there is none for it."""
        if not self.is_limited:
            return True
        if (self.each is not None and begun >= self.each) or self.left == 0:
            return False
        if self.left is not None:
            self.left -= 1
        self.taken += 1
        return True

    def wait(self, vu: Waiting, *, is_fresh: bool = False) -> None:
        """Put a VU into the line for a start; a fresh one has no connection yet."""
        (self._fresh if is_fresh else self._waiting).append(vu)

    def hand_over(self, due: float) -> bool:
        """Give a start to a fresh VU, else to who has waited longest; False when nobody waits."""
        return self.hand_to_fresh(due) or self.hand_to_seasoned(due)

    def hand_to_fresh(self, due: float) -> bool:
        """Give a start to a VU that has yet to connect; False when there is none."""
        return _begins(self._fresh, due)

    def hand_to_seasoned(self, due: float) -> bool:
        """Give a start to whoever has run before and waited longest; False when they are busy."""
        return _begins(self._waiting, due)

    def free(self) -> None:
        """Nothing is paced, nothing is limited: everybody goes on without a break."""
        self.left = self.each = None
        self.is_paced = False
        for line in (self._fresh, self._waiting):
            while line:
                line.popleft().nudge()

    def pace(self) -> None:
        """From the end of its iteration on, every VU waits for a start."""
        self.left = self.each = None
        self.is_paced = True

    def limit(self, *, left: int | None = None, each: int | None = None) -> None:
        """So many iterations for all together, or for each VU."""
        self.free()
        self.left, self.each, self.taken = left, each, 0


def _begins(line: deque[Waiting], due: float) -> bool:
    while line:
        # Who was drained or cut meanwhile is still in line, and lets the next one go ahead.
        if line.popleft().start(due):
            return True
    return False
