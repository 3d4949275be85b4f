"""Components of all pages: table, form, wizard, progress, drawer, chart; knows no business words."""
