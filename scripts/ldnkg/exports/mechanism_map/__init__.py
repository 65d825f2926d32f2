"""Draw the mechanisms of the publication as one picture, `mechanism-map.svg`."""
