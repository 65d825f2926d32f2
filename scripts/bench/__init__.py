"""Measure speed, in absolute times and as ratios to reference commands run on the same machine."""
