"""Pictures of the report, drawn as SVG by small functions; colours come from the stylesheet."""
