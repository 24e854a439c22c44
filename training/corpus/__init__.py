"""The annotated corpus: pairs of `STEM.txt` and `STEM.gold.json` in `train` and `dev`, with checker and loaders.

schema        what an annotation may hold
faults        what is wrong with an entity, an event, a slot
check         the checker of folders (`python -m training.corpus.check FOLDER…`)
load          the pairs as typed records
export        the pairs as JSON lines (`python -m training.corpus.export`)
statistics    the tables of README.md (`python -m training.corpus.statistics`)
"""
