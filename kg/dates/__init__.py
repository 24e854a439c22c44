"""German time expressions become intervals.

scan              text in words, numbers and signs
numerals          digits and number words
counting          nouns that are counted, people among them; which numbers are years
lexicon           the class of every word in a time expression, from data/lexicon/dates.toml
periods           days, weeks, months, seasons … with first and last day
tense             whether a clause looks back or ahead
reader            a text in classes, and what later expressions refer back to
rules             the table of rules; calendar_rules, relative_rules, duration_rules fill it
expressions       find_times, find_timexes
"""

from kg.dates.expressions import Timex, find_times, find_timexes

__all__ = ["Timex", "find_times", "find_timexes"]
