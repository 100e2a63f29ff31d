from __future__ import annotations

from loadtui.outputs.influx_lines import Labels, Lines, encode_tags
from loadtui.outputs.samples import Sample

AT = 1_795_422_069_906_990_055


def line(tags: dict[str, str], value: float = 21.244061) -> str:
    (found,) = Lines().encode([Sample("http_req_duration", encode_tags(tags), AT, value)])
    return found


def test_a_sample_is_a_line_with_k6s_names() -> None:
    assert line({"url": "home", "status": "200", "name": "home", "group": ""}) == (
        f'http_req_duration,name=home,status=200 value=21.244061,url="home" {AT}'
    )


def test_what_would_end_a_tag_is_escaped() -> None:
    assert line({"name": "GET /a, b=c\nd"}, 1.0) == (
        rf"http_req_duration,name=GET\ /a\,\ b\=c\ d value=1 {AT}"
    )
    assert line({"name": "a\\"}, 1.0) == f"http_req_duration,name=a value=1 {AT}"
    assert line({"url": 'a "b" \\'}, 1.0) == (rf'http_req_duration value=1,url="a \"b\" \\" {AT}')


def test_no_two_points_are_one() -> None:
    lines, tags = Lines(), encode_tags({"name": "home"})
    samples = [Sample[Labels]("http_reqs", tags, AT, 1.0)] * 3
    times = [each.rsplit(" ", 1)[1] for each in (*lines.encode(samples), *lines.encode(samples))]
    assert times == [str(AT + number) for number in range(6)]
