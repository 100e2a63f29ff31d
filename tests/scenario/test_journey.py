from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.errors import BadInput
from loadtui.model.executor import Entry, PerVuIterations
from loadtui.model.scenario import Scenario
from loadtui.model.text import Text, Variable, constant
from loadtui.scenario.journey import find, is_journey
from loadtui.scenario.load import load
from loadtui.scenario.single import from_journey

SCENARIOS = Path(__file__).parents[2] / "scenarios"

MEANT = [
    # the file, what is written, the function that is meant
    ("async def buy(vu): ...\n", "shop.py", "buy"),
    ("async def buy(vu): ...\nasync def _pay(vu, sum): ...\n", "shop.py", "buy"),
    ("async def buy(vu): ...\ndef pay(): ...\n", "shop.py", "buy"),
    ("async def buy(vu): ...\nasync def main(vu): ...\n", "shop.py", "main"),
    ("async def buy(vu): ...\nasync def default(vu): ...\n", "shop.py", "default"),
    ("async def buy(vu): ...\nasync def sell(vu): ...\n", "shop.py:sell", "sell"),
    ("async def buy(vu, times=2, *, more=1): ...\n", "shop.py:buy", "buy"),
    ("async def buy(*args): ...\n", "shop.py:buy", "buy"),
    ("if True:\n    async def buy(vu): ...\n", "shop.py:buy", "buy"),
    ("try:\n    import x\nexcept ImportError:\n    async def buy(vu): ...\n", "shop.py", "buy"),
    # what only running the file tells
    ("from shop_of_others import buy\n", "shop.py:buy", "buy"),
    ("from shop_of_others import *\n", "shop.py:buy", "buy"),
    ("import made\nbuy, sell = made.journeys()\n", "shop.py:sell", "sell"),
    ("@retried\ndef buy(): ...\n", "shop.py:buy", "buy"),
]


@pytest.mark.parametrize(("text", "written", "function"), MEANT)
def test_the_function_that_is_meant(tmp_path: Path, text: str, written: str, function: str) -> None:
    (tmp_path / "shop.py").write_text(text, encoding="utf-8")
    code = find(written, tmp_path)
    assert (code.file, code.function) == (str(tmp_path.resolve() / "shop.py"), function)
    assert code.shown == f"journey {written}"


def test_looking_at_a_file_does_not_run_it(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "raise SystemExit('run')\nasync def buy(vu): ...\n", encoding="utf-8"
    )
    assert find("shop.py", tmp_path).function == "buy"


@pytest.mark.parametrize("data", [b"\0", b"# coding: nothing\n", b"x = '\xff'\n", b"(" * 10_000])
def test_what_is_no_python_is_said(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "shop.py").write_bytes(data)
    with pytest.raises(BadInput, match=r"^journey shop.py:buy: shop.py.*; mend it$"):
        find("shop.py:buy", tmp_path)


def test_what_looks_like_a_journey() -> None:
    assert is_journey("a/b.py:buy")
    assert is_journey("b.py")
    assert not is_journey("b.yaml")
    assert not is_journey("b.py:")
    assert not is_journey("b.py:a:b")


def loaded(folder: Path, text: str) -> Scenario:
    (folder / "shop.py").write_text("async def buy(vu): ...\n", encoding="utf-8")
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    return load(folder / "s.yaml", env={}, overrides={"API_KEY": "k-123456"})


def test_a_journey_takes_what_the_file_says_for_every_request(tmp_path: Path) -> None:
    scenario = loaded(
        tmp_path,
        "target: http://h:1/v1\njourney: shop.py\nheaders: {x-id: '${uuid}'}\n"
        "cookies: {a: b}\ntimeout: 5s\nmetrics: {orders: counter, basket: trend}\n"
        "thresholds: {basket: [p(95)<5], 'http_req_duration{step:pay}': [p(95)<500]}\n",
    )
    code = scenario.code
    assert code is not None
    assert (code.target, code.timeout, code.function) == ("http://h:1/v1", 5.0, "buy")
    assert dict(code.headers) == {
        "x-id": Text((Variable("uuid", escape="header"),)),
        "cookie": constant("a=b"),
    }
    assert code.shown == f"{tmp_path / 's.yaml'}:2:10: journey shop.py"
    assert scenario.requests == scenario.all_requests == ()
    assert scenario.has_code
    assert scenario.metrics == {"orders": "counter", "basket": "trend"}
    assert scenario.env == {"API_KEY": "k-123456"}
    assert "k-123456" in scenario.secrets


def test_entries_choose_among_journeys(tmp_path: Path) -> None:
    scenario = loaded(
        tmp_path,
        "target: http://h:1\njourneys:\n  browse: [{url: /a}, {url: /b}]\n  buy: shop.py\n"
        "scenarios:\n  x: {executor: constant-vus, duration: 1s, exec: buy}\n"
        "  browse: {executor: constant-vus, duration: 1s}\n",
    )
    buying, browsing = map(scenario.journey, scenario.scenarios)
    assert (buying.name, buying.requests) == ("buy", ())
    assert buying.code is not None
    assert (browsing.name, browsing.code) == ("browse", None)
    assert [each.name for each in browsing.requests] == ["GET /a", "GET /b"]
    assert scenario.all_requests == browsing.requests
    by_hand = Entry("default", PerVuIterations())
    assert scenario.journey(by_hand) == browsing


def test_two_journeys_may_name_a_request_alike(tmp_path: Path) -> None:
    scenario = loaded(
        tmp_path,
        "target: http://h:1\njourneys: {a: [{url: /x}], b: [{url: /x}]}\n"
        "scenarios: {a: {duration: 1s}, b: {duration: 1s}}\n",
    )
    assert [each.name for each in scenario.all_requests] == ["GET /x", "GET /x"]


def test_a_journey_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop.py").write_text("async def buy(vu): ...\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    scenario = from_journey("shop.py", target="http://h:1/v1/", env={"A": "b"})
    assert (scenario.name, scenario.target, scenario.env) == ("shop", "http://h:1/v1", {"A": "b"})
    assert scenario.code is not None
    assert scenario.code.target == "http://h:1/v1"


def test_the_example_loads() -> None:
    scenario = load(SCENARIOS / "checkout.yaml", env={})
    assert [entry.exec for entry in scenario.scenarios] == ["browse", "buy"]
    assert scenario.has_code


def test_what_is_called_once_a_run_is_no_journey_of_its_own(tmp_path: Path) -> None:
    text = "async def setup(vu): ...\nasync def buy(vu): ...\nasync def teardown(vu): ...\n"
    (tmp_path / "shop.py").write_text(text, encoding="utf-8")
    code = find("shop.py", tmp_path)
    assert (code.function, code.once) == ("buy", ("setup", "teardown"))
    assert code.calling("teardown").shown == "journey shop.py:teardown"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("def setup(vu): ...", "setup is not async; write async def setup"),
        ("async def teardown(): ...", "teardown must take one argument, the vu"),
    ],
)
def test_what_is_called_once_a_run_must_be_as_a_journey_must(
    tmp_path: Path, line: str, says: str
) -> None:
    (tmp_path / "shop.py").write_text(f"async def buy(vu): ...\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        find("shop.py:buy", tmp_path)
