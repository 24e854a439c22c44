"""Everything that a server offers to programs, asked for as programs do, and compared with the dump.

    python -m benchmarks.crawl [--store PATH] [--each N]

Serves a store (without `--store`, the graph of `examples/`, built for it) and asks for

- every IRI of the dump, in the four formats and as a page: 303, description, `Link`, `Vary`, `ETag` and 304, HEAD;
- every page of the sitemap, and every address of `/openapi.json` that takes no parameters;
- fragments of every shape of pattern, page by page;
- the feed by every filter of one type, standing or country;
- each entity by its name, through reconciliation, suggestion, preview and extension.

It says how much was asked for and what was wrong, and ends with 1 if anything was. `--each` bounds how many things of
a kind are asked for. `tests/test_crawl.py` does the same with a few of each.
"""
