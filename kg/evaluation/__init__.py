"""A graph measured against annotated articles. The conventions are those of the annotation guidelines.

    gold        the annotated articles
    predicted   what the graph says of them, read through the ontology's terms and nothing else
    matching    predicted entities and claims paired with annotated ones
    scoring     counts and figures
    report      the figures as text

Figures, all micro-averaged:

    entities     precision, recall and F1 by type. Right: the same type and the same Wikidata item, or a label that is
                 the annotated name or a mention. Predicted are what the article mentions and what fills its claims; an
                 annotated entity without a mention (a country that is there by its adjective alone) does not count.
    links        of the right entities that are annotated with a Wikidata item: how many carry it, how many another
    events       by type; a claim is paired one to one with an annotated event of its type, where they share a core
                 filler (actor, place, summit or figure) or their evidence overlaps
    slots        over (slot, filler) of events; an unpaired event's fillers all count. In an actor's slot a body of a
                 state and that state count as the same, once for each filler.
    by slot      the same by slot, with time and status beside the roles and figures
    attribution  F1 over the sources of the paired events
    happenings   where the annotation says which events of several articles tell of one happening: whether the graph
                 puts the claims paired with them into one event, by pairs of claims and by B-cubed
    exact        share of the annotated events with every slot right and none spurious
"""

from kg.evaluation.gold import load_gold
from kg.evaluation.predicted import Predicted, load_graph
from kg.evaluation.report import format_report, to_json
from kg.evaluation.scoring import Scores, score

__all__ = ["Predicted", "Scores", "format_report", "load_gold", "load_graph", "score", "to_json"]
