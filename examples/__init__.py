"""Real data sets, each with a programme, a mapping and what must come out; `make real DATA=folder` checks them."""
