"""Which event each claim is about: groups of claims become statements in the graph of events."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from kg.remote import QuadStore
from kg.rollup.accounts import ABOUT, Account
from kg.rollup.before import Before
from kg.rollup.changes import Changes
from kg.rollup.claims import Claims
from kg.rollup.grouping import Group, Grouping, Verdicts
from kg.rollup.sameness import Country, Sameness, reach
from kg.vocab import LB, Minter

EXPLANATION = LB.term("explanation")


class EventFinder:
    """Brings the statements `lb:about` up to date, and tells which events are to be described anew."""

    def __init__(self, store: QuadStore, mint: Minter, verdicts: Verdicts | None = None) -> None:
        self._store = store
        self._mint = mint
        self._verdicts = verdicts or Verdicts()
        self._claims = Claims(store, mint)
        self._sameness = Sameness(self._claims.country)

    def find_all(self) -> Iterator[Quad]:
        """Yield what is to be said of the events of all claims."""
        yield from self._state(self._claims.all())

    def find_again(
        self, changes: Changes, moved: Mapping[str, str | None], corrected: Collection[Quad]
    ) -> tuple[set[str], list[Quad]]:
        """Find the events of the claims that a change may have an effect on.

        Args:
            changes: what has changed.
            moved: things that belong to another country than before, with that before.
            corrected: the quads that are gone or new in the graph of corrected claims.

        Returns:
            These claims, with those that are gone, and what is to be said of their events.
        """
        articles = (self._mint.article(self._mint.stem(graph)) for graph in changes.before)
        changed = [account for article in articles for account in self._claims.of(article)]
        changed += self._claims.read(corrected)
        changed += [account for thing in moved for account in self._claims.filled_by(NamedNode(thing))]
        gone = list(Before(self._claims, changes, corrected).accounts(changed))
        seeds = {account.claim: account for account in changed}
        as_before = Sameness(_with(self._claims.country, moved))
        for account in (*gone, *changed):
            for sameness in (self._sameness, as_before) if moved else (self._sameness,):
                seeds.update((other.claim, other) for other in self._bound_to(account, sameness))
        region = self._close(seeds)
        return {account.claim for account in (*gone, *region)}, list(self._state(region))

    def _bound_to(self, account: Account, sameness: Sameness) -> Iterator[Account]:
        for party in set(sameness.parties(account)):
            for other in self._claims.naming(account.type, party).near(account, reach(account.type)):
                if other.claim != account.claim and sameness.bind(account, other):
                    yield other
        for pair in self._verdicts.one:
            if account.claim in pair:
                yield from filter(None, map(self._claims.get, pair - {account.claim}))

    def _close(self, seeds: Mapping[str, Account]) -> list[Account]:
        """Return the claims that chains of bonds connect with the seeds."""
        found, todo = dict(seeds), list(seeds.values())
        while todo:
            for other in self._bound_to(todo.pop(), self._sameness):
                if other.claim not in found:
                    found[other.claim] = other
                    todo.append(other)
        return list(found.values())

    def _state(self, accounts: Iterable[Account]) -> Iterator[Quad]:
        return state_groups(Grouping(accounts, self._sameness, self._verdicts), self._mint)


def state_groups(grouping: Grouping, mint: Minter) -> Iterator[Quad]:
    """Yield which event each claim is about, and why it is the same as other claims'."""
    for group in grouping.groups():
        event = event_of(group, mint)
        articles = {account.claim: account.article for account in group.accounts}
        for account in group.accounts:
            yield Quad(NamedNode(account.claim), ABOUT, event, mint.events_graph)
        for bond in group.bonds:
            for claim, other in ((bond.one, bond.other), (bond.other, bond.one)):
                stem = articles[other].removeprefix(mint.article("").value)
                text = Literal(f"event: the same as in {stem}: {bond.why}", language="en")
                yield Quad(NamedNode(claim), EXPLANATION, text, mint.events_graph)


def event_of(group: Group, mint: Minter) -> NamedNode:
    """Return the IRI of the event that the claims of a group are about.

    An edition of a summit is itself the event; another event is named after its first claim, so that it keeps its name
    when later articles tell of it too.
    """
    editions = {edition for account in group.accounts for edition in account.roles.get("summit", ())}
    if group.first.type == "Summit" and len(editions) == 1:
        return NamedNode(editions.pop())
    return mint.event_of_claim(NamedNode(group.first.claim))


def _with(country: Country, moved: Mapping[str, str | None]) -> Country:
    return lambda thing: moved[thing] if thing in moved else country(thing)
