"""Charts drawn on the server as SVG: a title that states the finding, direct labels, a zero baseline."""
