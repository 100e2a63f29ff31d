from __future__ import annotations

import csv

from loadtui.outputs.k6_csv import HEADER, encode, encode_tags
from loadtui.outputs.samples import Sample

AT = 1_795_422_069_906_990_055


def test_the_header_is_k6s() -> None:
    assert HEADER == (
        "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,"
        "name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n"
    )


def test_system_tags_have_columns_and_the_rest_shares_one() -> None:
    tags = {"method": "GET", "name": "home", "status": "200", "team": "web", "endpoint": "a"}
    line = encode([Sample("http_req_duration", encode_tags(tags), AT, 21.244061)])
    assert line == (
        b"http_req_duration,1795422069,21.244061,,,,,,GET,home,,,,200,,,,endpoint=a&team=web,\n"
    )


def test_a_name_with_commas_and_quotes_is_one_field() -> None:
    name = 'GET /a?b="1",2'
    line = encode([Sample("http_reqs", encode_tags({"name": name}), AT, 3.0)]).decode()
    row = dict(zip(HEADER.strip().split(","), next(csv.reader([line])), strict=True))
    assert row["name"] == name
    assert row["metric_value"] == "3.000000"
