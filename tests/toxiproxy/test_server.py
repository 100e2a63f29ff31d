from __future__ import annotations

import socket

import pytest

from loadtui.errors import ExitCode, SetupFailed
from loadtui.toxiproxy.__main__ import main
from loadtui.toxiproxy.server import Place, serve
from loadtui.toxiproxy.settings import Settings
from tests.toxiproxy.conftest import Said


@pytest.mark.parametrize(
    ("host", "port", "said_"),
    [
        ("127.0.0.1", 70000, "127.0.0.1:70000: ports end at 65535"),
        ("127.0.0.1", -1, "127.0.0.1:-1: ports end at 65535"),
        ("127.1", 0, "127.1:0: lookup 127.1: no such host"),
        ("[::1]", 0, "lookup [::1]: no such host"),
        ("fe80::1%no", 0, "[fe80::1%no]:0: no such network interface"),
        ("192.0.2.1", 0, "192.0.2.1:0: Cannot assign requested address"),
    ],
)
def test_where_it_cannot_listen_is_told_with_what_to_do(
    said: Said, host: str, port: int, said_: str
) -> None:
    with pytest.raises(SetupFailed) as error:
        serve(Place(host, port), Settings())
    assert str(error.value).endswith(f"{said_}; give another --port or --host")
    assert said() == []


def test_the_module_tells_the_same_and_its_exit_code(
    said: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == ExitCode.SETUP
    assert capsys.readouterr().err == (
        f"loadtui.toxiproxy: the control API cannot listen on 127.0.0.1:{port}: "
        "Address already in use; give another --port or --host\n"
    )
