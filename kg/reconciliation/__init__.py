"""Entities that the reference data does not know, linked to Wikidata or another database: online, and on request only.

cache        answers that came once are not asked for again
client       asks politely: slowly, with a name, and again later where a service is busy
protocol     what the Reconciliation Service API (W3C community report, version 0.2) says of queries and answers
subjects     the entities that are to be linked, and what is known of them
deciding     which candidate is the entity beyond doubt
vocabulary   how a service calls our types and properties
service      candidates from a reconciliation service
wikidata     candidates from Wikidata itself
links        a link as dated statements in BASE graph/links
run          entities through a service, batch by batch

How it is used: docs/linking.md.
"""
