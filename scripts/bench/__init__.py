"""Measures speed, as ratios against yardsticks run beside."""
