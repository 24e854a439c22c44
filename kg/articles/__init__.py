"""Files, HTML pages and URLs become articles: clean German text with its date and without its page's noise.

inputs      what the user names, as things to read
collections many articles in one file or stream
decode      bytes become clean text
language    German or not
metadata    `STEM.meta.json`
noise       the lines that are the page's and not the article's
dateline    the date that a text states
page        the main text of HTML
fetch       URLs
reading     all of it in order
"""

from kg.articles.inputs import Input, count_inputs, list_inputs
from kg.articles.noise import find_noise
from kg.articles.reading import ReadOptions, carry, read_article, read_inputs

__all__ = ["Input", "ReadOptions", "carry", "count_inputs", "find_noise", "list_inputs", "read_article", "read_inputs"]
