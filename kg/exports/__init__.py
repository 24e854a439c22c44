"""Views of the claims as tables for statistics programs: one row a claim, CSV as RFC 4180 has it.

cells        what a cell may hold
claims       the claims as the views see them, article by article
plover       the view in PLOVER's event types
deployments  the view of deployments
all_claims   the view of all claims
tables       the views by name, and how one is written

What each column means is in docs/codebook.md.
"""

from kg.exports.tables import VIEWS, View, csv_lines, export

__all__ = ["VIEWS", "View", "csv_lines", "export"]
