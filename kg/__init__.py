"""Lagebild reads German news and builds a knowledge graph of who does what to whom.

The modules in their reading order, which is also the order in which they may import each other:

    model           what everything is about: articles, spans, mentions, entities, figures, claims
    errors          the one family of errors, each with its remedy
    settings        every setting, its environment variable and its default
    resources       where the files beside the package are
    garbage         the garbage collector, kept from what stays
    processes       processes beside this one, which end with it
    arrays          arrays and lists of words in one file
    language_model  which language model reads
    startup         how a process that reads starts
    articles        files, HTML pages and URLs become articles
    german          an article becomes a spaCy Doc; gazetteer
    dates           German time expressions become intervals
    quantities      number expressions become bounds
    encoder         what a word means where it stands
    recogniser      names, found in their context
    summits         summits by edition
    phrases         phrases around a noun that say whose it is
    metonyms        capitals and points of the compass that stand for a government
    recognised      the names that the recogniser finds, put right
    overlooked      the names that it passes over
    names           both together
    scene           one article while its mentions are looked for
    mentions        the names, offices, adjectives and capitals in a Doc
    coref           mentions of one thing inside an article
    linker          one article while its mentions are linked
    persons         persons and the offices that they hold
    owners          whose a body is that is named without its state
    organizations   organisations, and the bodies of states
    linking         mentions become entities with identifiers
    frames          the event types, as data
    lexicon         where the frames' trigger words stand in a Doc
    wordlists       the closed word classes that the claim stages ask for
    wholes          parts and wholes among figures
    maxent          linear models that can say which features decided
    trees           boosted trees that weigh many weak signs together
    reading         all that the claim stages look at, laid out by token
    clauses         what a word is in its clause
    realisations    how a mention stands to a trigger in the sentence
    anaphora        words that point back to what was named before
    triggers        which words tell of a happening
    happenings      triggers joined where several words tell of one happening
    pairs           the features of a happening with an entity
    roles           who may play which part in it
    pair_facts      the facts of such a pair as numbers
    second_look     what is weighed when the parts are looked at again
    agents          what grammar alone says of who acts
    casting         who plays which part, over the whole article
    speakers        who a source's phrase names or refers to
    interviews      whose answers an article is
    speech          where somebody speaks in an article
    unnamed         sources in the article's words
    hearing         who is heard where, and how words stand to it
    source_cases    happenings beside those who may be their sources
    attribution     who says so
    sides           for whom and against whom a force goes
    items           what is sent
    details         which figure and which date belong to it
    shares          several figures under one trigger
    selection       which drafts of claims are claims of their own
    denials         what is denied, ruled out, lifted or doubted
    standing        whether it happened
    merging         the same happening told twice is one claim
    reasons         why a claim is what it is
    claims          all of these put together: what the article claims
    pipeline        the stages in order
    vocab           namespaces and IRIs
    sparql_tokens   SPARQL in words, names, strings and brackets
    sparql_columns  the columns of a query in its own order
    sparql_size     how much the engine has to plan for a query
    updates         which graphs an update writes to
    rdf_input       RDF documents of strangers
    jsonld          triples as compacted JSON-LD
    identity        when two claims are the same
    rdf             an extraction becomes quads
    ontology        what of the ontology follows from the frames
    queries         the example queries and the derivation rules
    remote          stores elsewhere, over the SPARQL protocols
    curation        what people correct
    rollup          claims become events
    validate        the graph against the shapes
    guests          graphs that are not the program's own
    layout          what lies in a store's folder beside the database
    folding         names without regard to case and accents
    fulltext        the index of words beside the store
    permalinks      queries that are cited, with their snapshots
    snapshots       copies of a store that never change
    tombstones      what was removed
    homes           where a store lives, as its writer sees it
    store           the store: one writer, many readers
    backup          a store in one file
    dump            the graph as a file
    loading         a graph in a file becomes a store
    exports         views of the claims as tables
    tasks           one input becomes quads, in any process
    building        articles become a store, in one process or several
    cluster         articles read on a Dask cluster
    reconciliation  entities linked to other databases, online and on request
    evaluation      a graph measured against annotated articles
    sandbox         what a worker process may not do
    worker_orders   what the process that forks workers is told
    worker_output   what a worker sends, and where that is cut
    worker_jobs     a query for a worker, and its answer
    worker_reader   the snapshot that a worker reads
    worker_answers  a query in a worker, and its answer in a format
    lookups         queries that need no process of their own
    worker_process  one query at a time in a process that may die for it
    worker_handles  the near ends of these processes
    worker_leases   who asks, and which worker works for whom
    worker_lanes    which query runs when
    workers         queries in processes that can be killed
    write_jobs      the writes that come over HTTP
    write_runs      what they do to the store
    write_process   one write at a time in a process that may die for it
    writing         writes in processes that can be killed
    client          the graph for programs in Python
    web             the site and the protocol
    cli             the command line
"""

from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load the client when it is asked for: `from kg import Graph`."""
    if name == "Graph":
        from kg.client import Graph  # noqa: PLC0415 - the store and the engine, which most modules do not need

        return Graph
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
