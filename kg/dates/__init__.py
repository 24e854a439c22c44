"""German time expressions become intervals.

scan              text in words, numbers and signs
numerals          digits and number words
counting          nouns that are counted, people among them; which numbers are years
lexicon           the class of every word in a time expression, from data/lexicon/dates.toml
periods           days, weeks, months, seasons … with first and last day
tense             whether a clause looks back or ahead
story             the year that is being told of
reader            a text in classes, and what later expressions refer back to
rules             the table of rules; day_rules, period_rules, time_rules, counted_rules, running_rules and
                  duration_rules fill it
reference         what an expression without all its parts means
expressions       find_times, find_timexes
"""

from kg.dates.expressions import Timex, find_times, find_timexes

__all__ = ["Timex", "find_times", "find_timexes"]
