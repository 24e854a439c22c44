"""`python -m kg.cli`, for a machine without the `kg` script."""

from kg.cli.main import main

main(prog_name="kg")
