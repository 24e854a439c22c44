"""See the package."""

from benchmarks.generator.command import main

main()
