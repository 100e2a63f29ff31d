from __future__ import annotations

import resource

from loadtui.load.limits import limits


def test_a_worker_knows_what_it_may_have() -> None:
    found = limits()
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert found.files == (0 if soft == resource.RLIM_INFINITY else soft)
    assert 0 <= found.files_before <= soft
    assert 0 <= found.ports <= 65536
