"""Made-up news of any size, for measurements: a graph in the layout of our store, or German texts to read.

    python -m benchmarks.generator --articles 10000 --seed 1 news.nq
    python -m benchmarks.generator --articles 10000 --seed 1 --texts news/

    world     who and what is in the news, some much more often than others
    telling   sentences with the claims that they make
    news      what happens, and which articles tell of it, day by day
    graph     the articles as quads, with the events and entities that publishing would derive
    texts     articles put together from the sentences of our own corpus, with other names, dates and figures

The same seed gives the same bytes, and memory does not grow with the number of articles, except for a few bytes for
each entity.
"""
