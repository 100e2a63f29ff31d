"""What to type: examples for the help of every command."""

from __future__ import annotations

from collections.abc import Mapping

import click

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "completion": (
        'eval "$(loadtui completion bash)"',
        "loadtui completion fish > ~/.config/fish/completions/loadtui.fish",
    ),
    "demo": (
        "loadtui demo",
        "loadtui demo --theme presenter --no-resilience",
        "loadtui demo --headless --duration 60s",
        "loadtui demo --serve",
    ),
    "doctor": ("loadtui doctor", "loadtui doctor --json"),
    "import": (
        "loadtui import har recording.har -o shop.yaml",
        "loadtui import curl 'curl http://127.0.0.1:8000/ -H \"accept: text/html\"'",
        "loadtui import openapi openapi.json --force -o shop.yaml",
    ),
    "init": ("loadtui init", "loadtui init shop.yaml --target http://127.0.0.1:8000"),
    "panic": ("loadtui panic", "loadtui panic --leftovers"),
    "replay": (
        "loadtui replay last",
        "loadtui replay last --at 02:10 --speed 4",
        "loadtui replay 20260301-1412 --headless",
    ),
    "run": (
        "loadtui run shop.yaml",
        "loadtui run shop.yaml -e BASE_URL=http://127.0.0.1:8000 --start",
        "loadtui run shop.yaml --headless --vus 10 --duration 30s --out junit=result.xml",
        "loadtui run shop.yaml --headless --profile smoke,load",
        "loadtui run shop.py:buy --target http://127.0.0.1:8000",
    ),
    "schema": ("loadtui schema > loadtui.schema.json",),
    "sessions": ("loadtui sessions", "loadtui sessions --tag friday --json"),
    "sessions name": ('loadtui sessions name last "payments slow"',),
    "sessions prune": ("loadtui sessions prune --older 30d --keep 1GB",),
    "sessions rm": ("loadtui sessions rm 20260301-1412",),
    "sessions show": ("loadtui sessions show last",),
    "sessions tag": ("loadtui sessions tag last friday payments",),
    "toxiproxy": (
        "loadtui toxiproxy",
        "loadtui toxiproxy --port 8475 --config proxies.json --seed 7",
    ),
    "url": (
        "loadtui http://127.0.0.1:8000/",
        "loadtui http://127.0.0.1:8000/orders -H 'x-api-key: test' -d @order.json --think 1s..3s",
        "loadtui http://127.0.0.1:8000/ --stage 30s:20 --stage 1m:20 --threshold 'p(95)<500'",
        "loadtui http://127.0.0.1:8000/ --headless --vus 10 --duration 30s",
    ),
    "validate": ("loadtui validate shop.yaml", "loadtui validate scenarios/*.yaml -e TOKEN=x"),
}


def epilog(name: str) -> str:
    """The examples of a command as click prints them; a backspace keeps their lines apart."""
    lines = "\n".join(f"  {line}" for line in EXAMPLES.get(name, ()))
    return f"\b\nExamples:\n{lines}" if lines else ""


def exemplify(name: str, command: click.Command) -> None:
    """Put examples under the help of a command and of those below it."""
    command.epilog = epilog(name)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            exemplify(f"{name} {below.name}", below)
