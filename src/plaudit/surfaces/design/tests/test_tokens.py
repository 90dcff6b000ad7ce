"""The colours keep their contrast, recomputed by the formula of WCAG 2.2."""

from __future__ import annotations

import pytest

from plaudit.surfaces.design import tokens

# The design's table: front, ground, ratio in light, ratio in dark, to two decimals.
PUBLISHED = """
text surface 16.71 14.58
text canvas 15.98 15.86
text sunken 14.85 16.57
muted surface 6.75 7.72
muted canvas 6.46 8.40
muted sunken 6.00 8.77
control surface 4.14 4.63
control canvas 3.96 5.04
control sunken 3.68 5.26
primary surface 6.75 8.62
primary canvas 6.46 9.38
primary sunken 6.00 9.79
on-primary primary 6.75 8.14
on-primary primary-hover 9.84 10.00
on-primary-soft primary-soft 8.79 9.66
point surface 6.34 10.02
point canvas 6.06 10.90
on-point-fill point-fill 9.44 9.44
on-point-soft point-soft 8.79 9.98
info info-soft 5.66 7.26
success success-soft 5.40 7.59
warning warning-soft 6.06 7.90
danger danger-soft 5.85 7.65
link surface 6.67 8.55
link canvas 6.38 9.30
focus surface 6.39 9.98
focus canvas 6.11 10.86
focus sunken 5.68 11.34
chart-1 surface 6.75 8.62
chart-2 surface 3.54 6.50
chart-3 surface 4.32 4.61
chart-4 surface 11.72 3.40
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("pair", tokens.PAIRS, ids=lambda pair: f"{pair.front}-on-{pair.ground}")
def test_a_pair_of_colours_keeps_its_least_contrast(pair, theme):
    assert tokens.pair_contrast(pair, theme) >= pair.floor


@pytest.mark.parametrize("line", PUBLISHED.strip().splitlines())
def test_the_published_ratio_is_the_recomputed_one(line):
    front, ground, light, dark = line.split()
    pair = next(pair for pair in tokens.PAIRS if (pair.front, pair.ground) == (front, ground))

    assert f"{tokens.pair_contrast(pair, 'light'):.2f}" == light
    assert f"{tokens.pair_contrast(pair, 'dark'):.2f}" == dark


def test_no_fewer_pairs_are_tested_than_the_design_published():
    assert len(tokens.PAIRS) >= 37


def test_black_on_white_has_the_greatest_contrast_there_is():
    # WCAG 2.2, "contrast ratio": from 1 to 21.
    assert round(tokens.contrast("#000000", "#FFFFFF"), 6) == 21
    assert tokens.contrast("#777777", "#777777") == 1


def test_every_colour_is_in_the_style_block_with_both_its_shades():
    css = tokens.css()
    for colour in tokens.COLOURS:
        assert f"--{colour.name}:" in css
        assert colour.light in css
        assert colour.dark in css


def test_a_colour_nobody_named_is_unknown():
    with pytest.raises(KeyError):
        tokens.colour("mauve")
