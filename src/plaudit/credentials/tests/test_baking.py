"""Credentials inside pictures: baked, shown, found again, and refused where they are not what was signed.

The sections are those of Open Badges 3.0 (1EdTech): 5.3.1 is of PNG, 5.3.2 of SVG.
"""

from __future__ import annotations

import json
import struct
import zlib
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plaudit.credentials.models import Credential
from plaudit.credentials.opened import PICTURE_BYTES_MAX
from plaudit.credentials.rules.baking import KEYWORD, NAMESPACE, baked_png, baked_svg, found_in, png
from plaudit.credentials.rules.emblem import emblem_png, emblem_svg
from plaudit.credentials.tests.factories import Taking, at, make_taking
from plaudit.people.tests.browsing import browser

PICTURE = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>'


@pytest.fixture(scope="module")
def taking() -> Taking:
    return make_taking()


@pytest.fixture(scope="module")
def one(taking: Taking) -> Credential:
    return taking.takes()


def test_5_3_1_a_png_has_one_uncompressed_chunk_before_its_end_under_its_keyword():
    picture = baked_png(baked_png(emblem_png(), "an older one"), "header.payload.signature")

    assert picture.count(KEYWORD) == 1
    chunk = KEYWORD + b"\0\0\0\0\0header.payload.signature"
    length, check = struct.pack(">I", len(chunk)), struct.pack(">I", zlib.crc32(b"iTXt" + chunk))
    assert picture.endswith(length + b"iTXt" + chunk + check + png([(b"IEND", b"")])[8:])
    assert found_in(picture) == "header.payload.signature"


def test_5_3_2_a_svg_has_the_document_as_it_is_right_after_its_first_tag_in_the_namespace():
    document = json.dumps({"name": "a ]]> b & <c>"})
    root = ElementTree.fromstring(baked_svg(PICTURE, document))  # noqa: S314  # our own

    first = root[0]
    assert first.tag == f"{{{NAMESPACE}}}credential" and "verify" not in first.attrib
    assert json.loads(first.text or "") == {"name": "a ]]> b & <c>"}
    assert json.loads(found_in(baked_svg(PICTURE, document).encode())) == {"name": "a ]]> b & <c>"}


@pytest.mark.parametrize(
    "inside, found",
    [
        ('<openbadges:credential verify="a.b.c"></openbadges:credential>', "a.b.c"),
        ("<ob:credential verify = 'a.b.c' />", "a.b.c"),
        ("<openbadges:credential>\n<![CDATA[\n{}\n]]>\n</openbadges:credential>", "{}"),
        ("<openbadges:credential>{&quot;a&quot;: 1}</openbadges:credential>", '{"a": 1}'),
        ("<openbadges:credential", ""),
        ("<rect/>", ""),
    ],
)
def test_5_3_2_what_others_baked_is_found_too(inside, found):
    assert found_in(f'<svg xmlns:openbadges="{NAMESPACE}">{inside}</svg>'.encode()) == found


@pytest.mark.parametrize(
    "picture",
    [
        b"",
        b"%PDF-",
        emblem_png(),
        baked_png(emblem_png(), "a.b.c")[:-40],
        baked_png(emblem_png(), "a.b.c").replace(b"a.b.c", b"a.b.d"),
        png([(b"iTXt", KEYWORD + b"\0\1\0\0\0" + zlib.compress(b"a.b.c"))]),
        png([(b"iTXt", KEYWORD + b"\0\0\0")]),
        png([])[:8] + struct.pack(">I", 2**32 - 1) + b"iTXt" + KEYWORD,
        PICTURE.encode(),
        b"<svg>" + b"<credential " * 40_000,
        b"<svg>" + b"<credential>" * 40_000,
        b"<svg>" + b"<credential verify='" * 20_000 + b">",
        b"<svg>" + b"<" + b"a" * 400_000,
        b"\xff" * 1_000,
    ],
)
def test_in_other_pictures_there_is_none(picture):
    assert found_in(picture) == ""


def test_the_emblem_is_a_picture_with_its_words_in_it_whatever_they_are():
    drawn = emblem_svg("Fish & <Chips> " * 9 + "\x00\x0b", 'Harbour "North"', "2026-03-02")

    root = ElementTree.fromstring(drawn)  # noqa: S314  # our own
    said = ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert said[0].startswith("Fish & <Chips>") and len(said) == 5 and said[2].endswith("…")
    assert said[3:] == ['Harbour "North"', "2026-03-02"]
    picture = emblem_png()
    width, height, depth, colour = struct.unpack_from(">IIBB", picture, 16)
    assert (width, height, depth, colour) == (256, 256, 8, 6)
    data = zlib.decompress(picture[picture.index(b"IDAT") + 4 : picture.index(b"IEND") - 8])
    assert len(data) == 256 * (1 + 256 * 4)
    corner, middle = data[1:5], data[128 * 1025 + 1 + 4 * 30 :][:4]
    assert (corner[3], middle) == (0, bytes([23, 76, 112, 255]))


def test_a_credential_is_there_as_pictures_that_lead_back_to_its_page(one):
    client, page = browser(), f"/credentials/{one.secret}"
    shown = client.get(page).content.decode()

    for end, media in (("svg", "image/svg+xml"), ("png", "image/png")):
        assert f'href="{page}/credential.{end}"' in shown
        picture = at(f"{page}/credential.{end}")
        assert (picture.status_code, picture["Content-Type"]) == (200, media)
        assert picture["Content-Disposition"] == f'attachment; filename="credential.{end}"'
        sent = SimpleUploadedFile(f"mine.{end}", picture.content, content_type=media)
        assert client.post("/credentials/check", {"picture": sent})["Location"] == page
        assert at(f"/credentials/nothing/credential.{end}").status_code == 404


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda one: baked_png(emblem_png(), one.token[:-4] + "AAAA"), "The signature does not match"),
        (
            lambda one: baked_svg(PICTURE, json.dumps({**one.document, "name": "Surgeon"})).encode(),
            "The signature does not match",
        ),
        (lambda one: baked_png(emblem_png(), "hello"), "no credential that was given here"),
        (lambda _one: emblem_png(), "There is no credential in this picture"),
        (lambda _one: baked_png(emblem_png(), "x" * 20_001), "There is no credential in this picture"),
        (
            lambda one: baked_png(emblem_png(), one.token) + b"x" * PICTURE_BYTES_MAX,
            "larger than 512 kilobytes",
        ),
    ],
)
def test_a_picture_with_anything_else_in_it_is_not_relied_on(one, change, said):
    sent = SimpleUploadedFile("mine.png", change(one), content_type="image/png")

    answer = browser().post("/credentials/check", {"picture": sent})

    assert answer.status_code == 422 and said in answer.content.decode()
