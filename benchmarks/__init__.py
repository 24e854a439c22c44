"""What is measured, reproducibly: `make bench`."""
