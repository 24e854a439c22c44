"""People's corrections: what they are, when they apply, and what they change.

    corrections     the records and their form in RDF
    reading         the graph as it was read, without what corrections made of it
    plan            what the corrections that apply add up to
    checks          whether a correction applies, and why not
    revising        what they make of claims, offices and mentions: the graph of what is corrected
    describing      what they make of the entities' descriptions
    naming          how people name what they correct

A correction is a small dated statement with its author and reason in `BASE graph/curation`. It refers to what was read
by stable IRIs and is applied each time the derived graphs are made, so that it survives every rebuild. The articles'
graphs are never changed.
"""
