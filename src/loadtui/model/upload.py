"""A file that a request sends: by its path, so that every worker reads it once and no frame or
journal holds it.
"""

from __future__ import annotations

import msgspec


class Upload(msgspec.Struct, frozen=True):
    """`path`: whole. `field`: its name in a multipart form, "" where it is all of the body. `kind`:
    its content type.
    """

    field: str
    path: str
    kind: str
