"""This program and its peers, side by side in one run: `python -m benchmarks.side_by_side`."""
