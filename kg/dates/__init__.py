"""German time expressions become intervals."""
