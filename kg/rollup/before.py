"""The claims that a change has touched, as they were before it."""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode, Quad

from kg.rollup.accounts import EVENT_TYPE, Account, Publication, read_account, read_publication
from kg.rollup.changes import Changes
from kg.rollup.claims import Claims


class Before:
    """What articles and corrections said of claims before a change."""

    def __init__(self, claims: Claims, changes: Changes, corrected: Iterable[Quad]) -> None:
        """Take what has changed; `corrected` are the quads that are gone or new in the graph of corrections."""
        self._claims = claims
        self._graphs = changes.before.keys()
        self._said = _by_subject(quad for quads in changes.before.values() for quad in quads)
        self._corrected = _by_subject(corrected)

    def accounts(self, others: Iterable[Account]) -> Iterator[Account]:
        """Yield the accounts of the claims that are gone or changed; `others` are looked at too."""
        touched = {NamedNode(account.claim) for account in others} | self._corrected.keys()
        touched |= {claim for claim, said in self._said.items() if any(quad.predicate == EVENT_TYPE for quad in said)}
        for claim in touched:
            account = read_account(claim.value, self._statements(claim), self._published)
            if account:
                yield account

    def _statements(self, claim: NamedNode) -> set[Quad]:
        kept = {quad for quad in self._claims.statements(claim) if quad.graph_name not in self._graphs}
        return (kept ^ self._corrected.get(claim, set())) | self._said.get(claim, set())

    def _published(self, article: str) -> Publication | None:
        said = self._said.get(NamedNode(article), ()) if article else ()
        return read_publication(said) or self._claims.published(article)


def _by_subject(quads: Iterable[Quad]) -> Mapping[NamedNode, set[Quad]]:
    found: dict[NamedNode, set[Quad]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            found.setdefault(quad.subject, set()).add(quad)
    return found
