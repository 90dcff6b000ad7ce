"""What browsers load is fresh, small, and allowed under a policy without inline code."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

import plaudit
from plaudit.surfaces.design import build, icons
from plaudit.surfaces.design.templatetags.plaudit import register

PACKAGE = Path(plaudit.__file__).parent
SERVED = PACKAGE / "surfaces" / "design" / "static" / "plaudit"
SOURCES = PACKAGE / "surfaces" / "design" / "scripts"
TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))
_LANDMARK = re.compile(r'role="(?:region|form|search|navigation|complementary|main|banner|contentinfo)"')


def test_the_served_files_say_what_their_sources_say():
    assert build.stale_files() == [], "run python -m plaudit.surfaces.design.build"


def test_the_check_names_nothing_when_all_is_fresh(capsys):
    assert build.main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_styles_and_script_stay_within_their_budgets():
    assert len(gzip.compress((SERVED / "plaudit.css").read_bytes())) <= 12_000
    assert len((SOURCES / "page.js").read_bytes()) <= 4_096
    assert len((SOURCES / "current.js").read_bytes()) <= 3_072
    assert len((SERVED / "passkeys.js").read_bytes()) <= 2_048  # on the two pages that need it
    assert len(gzip.compress((SERVED / "unsent.js").read_bytes())) <= 2_304  # where recognition is given


def test_every_style_source_is_part_of_the_sheet():
    sources = {path.stem for path in (PACKAGE / "surfaces" / "design" / "styles").glob("*.css")}
    assert sources == set(build.SHEETS)


def test_every_script_source_is_part_of_the_script():
    assert {path.stem for path in SOURCES.glob("*.js")} == set(build.SCRIPTS)


def test_the_sprite_holds_every_icon_once():
    drawn = re.findall(r'<symbol id="([^"]+)"', icons.sprite())
    assert sorted(drawn) == sorted({*icons.ICONS, icons.MARK})


def test_an_icon_nobody_drew_is_refused():
    with pytest.raises(icons.UnknownIcon):
        icons.require("unicorn")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_template_names_only_icons_that_are_drawn(template):
    named = re.findall(r'(?:{% icon |icon=|icon\|default:)"([^"]+)"', template.read_text("utf-8"))
    assert set(named) <= {*icons.ICONS, icons.MARK}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_template_has_no_inline_style_script_or_handler(template):
    markup = template.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=", markup)
    assert not re.search(r"<style[\s>]", markup)
    assert not re.search(r"\son[a-z]+\s*=", markup)
    assert not re.search(r"hx-on", markup)
    assert not re.search(r"<script(?![^>]*\bsrc=)", markup)
    assert "javascript:" not in markup


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_template_makes_no_landmark_of_what_a_page_may_have_two_of(template):
    """Two of one name cannot be told apart: what there is one of for each thing is an article, or a group."""
    repeated, part = 0, template.parent.name == "parts"
    for tag in re.findall(r"{% (?:for|endfor)\b|<[a-z][^>]*", template.read_text("utf-8")):
        repeated += {"{% for": 1, "{% endfor": -1}.get(tag, 0)
        named = _LANDMARK.search(tag) or re.match(r"<(?:section|form)\b.*\saria-label", tag, re.DOTALL)
        landmark = named or re.match(r"<(?:nav|aside|main|search)\b", tag)
        assert not (landmark and repeated), tag
        assert not (named and part and re.search(r'\saria-label\w*="[^"]*{{ ', tag)), (
            tag
        )  # it may be drawn twice


@pytest.mark.parametrize("part", sorted((PACKAGE / "surfaces" / "design" / "parts").glob("*.py")))
def test_a_part_that_is_drawn_in_python_makes_no_landmark(part):
    assert not _LANDMARK.search(part.read_text("utf-8"))


def test_every_tag_and_filter_is_in_the_reference():
    reference = (PACKAGE.parents[1] / "docs" / "reference" / "design-system.md").read_text("utf-8")
    unwritten = {name for name in register.tags if f"{{% {name} " not in reference}
    unwritten |= {name for name in register.filters if f"|{name}" not in reference}
    assert unwritten == set()
