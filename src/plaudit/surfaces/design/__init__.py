"""The design system: tokens, layouts, components and charts that every page is made of."""
