"""A hundred texts that a terminal, a markup or a file format might obey instead of showing them."""

from __future__ import annotations

_ESC, _BEL, _ST = "\x1b", "\x07", "\x1b\\"

_SEQUENCES = (
    *(f"{_ESC}[{each}" for each in ("2J", "H", "31m", "?1049l", "?25l", "6n", "c", ">c", "20;1H")),
    *(f"{_ESC}[{each}" for each in ("?1000h", "?2004h", "5i", "18t", "8;1;1t", "2K", "1L", "3J")),
    *(f"{_ESC}{each}" for each in ("c", "7", "8", "D", "M", "(0", "#8", "=", "P+q544e" + _ST)),
    *(f"{_ESC}]{each}{_BEL}" for each in ("0;owned", "2;owned", "4;1;?", "10;?", "52;c;ZXZpbA==")),
    *(
        f"{_ESC}]{each}{_ST}"
        for each in ("8;;http://evil.test", "52;c;?", "9;4;1;50", "777;notify")
    ),
    f"{_ESC}]1337;File=name=x:AAAA{_BEL}",
    f"{_ESC}_Ga=T;AAAA{_ST}",
    f"{_ESC}^private{_ST}",
    f"{_ESC}X string{_ST}",
    f"{_ESC}[200~rm -rf{_ESC}[201~",
    _ESC,
    f"{_ESC}[",
    f"{_ESC}]52;c;",
)
_C1 = tuple(f"a{chr(code)}31mb" for code in (0x84, 0x85, 0x88, 0x8D, 0x90, 0x98, 0x9B, 0x9C, 0x9D))
_CONTROLS = tuple(
    f"a{chr(code)}b" for code in (0, 1, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 24, 127)
)
_MARKUP = (
    "[red]x[/red]",
    "[/]",
    "[/nothing]",
    "[bold red on white",
    "[@click=app.quit]press[/]",
    "[link=http://evil.test]x[/link]",
    "\\[red]x",
    "{'a[0]': [1]}",
    "[[double]]",
    "$bg [$error]x[/]",
    "<script>alert(1)</script>",
    "]]></testcase><testcase name='x'/>",
    "&amp; &lt; &#0; &evil;",
    "'; DROP TABLE runs; --",
    "::error file=x::owned",
    "::set-output name=a::b",
    "%0A::error::owned",
    "{{ 7 * 7 }} ${HOME} $(id) `id`",
    "| a | b |\n|---|",
    "=cmd|' /C calc'!A0",
)
_UNICODE = (
    *(
        f"a{chr(code)}b"
        for code in (0x202A, 0x202B, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069)
    ),
    *(f"a{chr(code)}b" for code in (0x200B, 0x200E, 0x200F, 0x061C, 0x2060, 0xFEFF, 0x00AD)),
    *(f"a{chr(code)}b" for code in (0x2028, 0x2029, 0xFFFE, 0xE0041, 0xE000, 0xFFF9)),
    "e" + "\u0301" * 60,
    "שלום עולם مرحبا",
    "日本語の名前" * 50,
    "👩‍👩‍👧‍👦🏳️‍🌈" * 20,
    "x" * 300,
    "",
    " ",
)
HOSTILE = (*_SEQUENCES, *_C1, *_CONTROLS, *_MARKUP, *_UNICODE)
"""At least a hundred of them."""


def acts(text: str) -> str:
    """The characters in it that a terminal would obey; line ends are for whoever prints lines."""
    return "".join(ch for ch in text if not ch.isprintable() and ch not in "\n\u00a0")
