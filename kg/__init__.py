"""Lagebild reads German news and builds a knowledge graph of who does what to whom.

The modules in their reading order, which is also the order in which they may import each other:

    model         what everything is about: articles, spans, mentions, entities, figures, claims
    errors        the one family of errors, each with its remedy
    settings      every setting, its environment variable and its default
    articles      files, HTML pages and URLs become articles
    german        an article becomes a spaCy Doc; lexicons and gazetteer
    dates         German time expressions become intervals
    quantities    number expressions become bounds
    mentions      the names, offices and adjectives in a Doc
    coref         mentions of one thing inside an article
    linking       chains become entities with identifiers
    frames        the event types, as data
    claims        frame and sentence become a claim; standing and attribution complete it
    pipeline      the stages in order
    vocab         namespaces and IRIs
    rdf           an extraction becomes quads
    rollup        claims become events
    validate      the graph against the shapes
    store         the Oxigraph store and its snapshots
    dump          the graph as a file
    sandbox       what a worker process may not do
    worker_process  one query at a time in a process that may die for it
    workers       queries in processes that can be killed
    cli, web      the two faces
"""

__version__ = "0.1.0"
