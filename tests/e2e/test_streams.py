"""WebSockets and server-sent events from the command line to the summary and the exit code."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.shell import shell
from tests.support.stream_server import bad_server, echo_server, url_of

SCENARIO = """\
target: {target}
journey: shop.py:buy
load: {{executor: per-vu-iterations, vus: 2, iterations: 2}}
thresholds:
  ws_connecting{{status:101}}: [p(95)<5000]
  ws_sessions{{error:refused}}: [count==4]
  ws_failed{{name:chat}}: [rate==0, rate<0.5 over 2s]
  ws_msgs_received: [count==4]
  sse_events_received{{group:::feed}}: [count==8]
  sse_first_event: [avg<{limit}]
"""
SHOP = """\
async def buy(vu):
    async with vu.ws.connect("/chat", name="chat") as ws:
        await ws.send("hello")
        vu.check(await ws.recv(), {"echo": lambda message: message == "hello"})
    async with vu.ws.connect("ws://127.0.0.1:1/"):
        pass
    with vu.group("feed"):
        async with vu.sse("URL/events", name="events") as events:
            vu.check([e async for e in events], {"two": lambda found: len(found) == 2})
"""


def run(home: Path) -> subprocess.CompletedProcess[str]:
    return shell(home, "run", "s.yaml", "--headless", folder=home)


def test_thresholds_judge_them_and_the_summary_shows_them(tmp_path: Path) -> None:
    with echo_server() as echo, bad_server() as bad:
        events = url_of(bad)
        (tmp_path / "shop.py").write_text(SHOP.replace("URL", events))
        text = SCENARIO.format(target=echo, events=events, limit=5000)
        (tmp_path / "s.yaml").write_text(text)
        good = run(tmp_path)
        (tmp_path / "s.yaml").write_text(SCENARIO.format(target=echo, events=events, limit=0))
        late = run(tmp_path)
    assert good.returncode == 0, good.stdout + good.stderr
    assert late.returncode == 99, late.stdout + late.stderr
    lines = {line.split()[0]: line for line in good.stdout.splitlines() if line.strip()}
    for name in ("ws_connecting", "ws_session_duration", "sse_connecting", "sse_first_event"):
        assert "ms  p95 " in lines[name], lines
    assert lines["events"].split()[1] == "4"
    assert "chat" not in lines
    assert lines["ws_sessions"].endswith(" 8")
    assert lines["ws_failed"].endswith(" 50\N{NO-BREAK SPACE}% of 8")


def test_what_is_not_installed_ends_the_run(tmp_path: Path) -> None:
    blind = "import loadtui.load.streams as streams\nstreams.find_spec = lambda name: None\n"
    (tmp_path / "shop.py").write_text(blind + SHOP)
    text = SCENARIO.format(target="http://127.0.0.1:1", events="http://127.0.0.1:1", limit=1)
    (tmp_path / "s.yaml").write_text(text.partition("thresholds")[0])
    done = run(tmp_path)
    assert done.returncode == 107, done.stdout + done.stderr
    told = done.stdout + done.stderr
    assert "journey shop.py:4: WebSockets need the package websockets; pip install" in told
    assert "Traceback" not in told


def test_a_metric_that_is_none_is_said_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    text = SCENARIO.format(target="http://127.0.0.1:1", events="http://127.0.0.1:1", limit=1)
    (tmp_path / "s.yaml").write_text(text.replace("ws_msgs_received", "ws_msgs_recieved"))
    done = run(tmp_path)
    assert done.returncode == 104
    assert "there is no metric ws_msgs_recieved; did you mean ws_msgs_received?" in done.stderr
