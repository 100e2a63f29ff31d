"""loadtui: drive HTTP load by hand, break the network by hand, watch the system respond."""

from __future__ import annotations

__version__ = "0.1.0"
