"""simplemma's dictionary of German forms, read a block at a time.

Laid out in full it takes another half second to load and a hundred megabytes more in each process that reads; a word is
looked up more slowly in blocks, which those that come again do not feel.
"""

from functools import lru_cache

import simplemma


@lru_cache(maxsize=100_000)
def look_up(form: str) -> str:
    """Return the dictionary form of a word; a word that is not known comes back as it is or in small letters."""
    lemma: str = simplemma.lemmatize(form, lang="de", low_memory=True)
    return lemma


@lru_cache(maxsize=100_000)
def is_known(form: str) -> bool:
    """Tell whether a word is in the dictionary."""
    known: bool = simplemma.is_known(form, lang="de", low_memory=True)
    return known
