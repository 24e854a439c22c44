"""Plain sentences and what the bundled models take them to claim."""

from datetime import date

import pytest

from kg.model import Article, Claim
from kg.pipeline import load


def found(sentence: str, type_: str) -> Claim | None:
    """Return the claim of that type in an article of one sentence, by the bundled models."""
    text = f"Kurz gemeldet\n\n{sentence}"
    article = Article("probe", text, "Kurz gemeldet", date(2024, 11, 18), "given")
    return next((claim for claim in load().extract(article).claims if claim.type == type_), None)


@pytest.mark.parametrize(
    ("sentence", "type_", "status", "roles"),
    [
        (
            "Nordkorea hat mehr als 10.000 Soldaten nach Russland geschickt.",
            "Deployment",
            "occurred",
            {"sender": "country/KP", "destination": "country/RU"},
        ),
        (
            "Italien zieht derzeit 300 Soldaten aus dem Irak ab.",
            "Withdrawal",
            "occurred",
            {"sender": "country/IT", "origin": "country/IQ"},
        ),
        (
            "Polen plant derzeit den Abzug seiner 300 Soldaten aus dem Irak.",
            "Withdrawal",
            "planned",
            {"sender": "country/PL", "origin": "country/IQ"},
        ),
        (
            "Deutschland will im Mai 500 Soldaten nach Litauen entsenden.",
            "Deployment",
            "planned",
            {"sender": "country/DE", "destination": "country/LT"},
        ),
        (
            "Frankreich könnte bis zu 2000 Soldaten in die Ukraine schicken.",
            "Deployment",
            "possible",
            {"sender": "country/FR", "destination": "country/UA"},
        ),
        (
            "Frankreich wird keine Soldaten in die Ukraine schicken.",
            "Deployment",
            "denied",
            {"sender": "country/FR", "destination": "country/UA"},
        ),
        (
            "Frankreich zog im August 2022 seine letzten Soldaten aus Mali ab.",
            "Withdrawal",
            "occurred",
            {"sender": "country/FR", "origin": "country/ML"},
        ),
        (
            "Am Montag trafen sich Xi Jinping und Wladimir Putin in Moskau.",
            "Meeting",
            "occurred",
            {"participant": "person/wladimir-putin person/xi-jinping", "place": "place/moskau"},
        ),
        (
            "Olaf Scholz hat am Freitag mit Wladimir Putin telefoniert.",
            "PhoneCall",
            "occurred",
            {"participant": "person/olaf-scholz person/wladimir-putin"},
        ),
        (
            "Deutschland lieferte der Ukraine 18 Panzer vom Typ Leopard 2.",
            "ArmsTransfer",
            "occurred",
            {"sender": "country/DE", "recipient": "country/UA"},
        ),
        ("Die EU verhängte Sanktionen gegen Belarus.", "Sanction", "occurred", {"target": "country/BY"}),
        (
            "Deutschland und die Türkei unterzeichneten am Mittwoch ein Abkommen.",
            "Agreement",
            "occurred",
            {"participant": "country/DE country/TR"},
        ),
        (
            "António Guterres forderte Israel auf, die Angriffe einzustellen.",
            "Appeal",
            "occurred",
            {"speaker": "person/antonio-guterres", "addressee": "country/IL"},
        ),
        (
            "„Wir werden die Ukraine weiter unterstützen“, sagte Ursula von der Leyen.",
            "Statement",
            "occurred",
            {"speaker": "person/ursula-von-der-leyen"},
        ),
        *(
            (sentence, "Summit", "occurred", {"summit": "summit/g20-2024"})
            for sentence in (
                "Der G20-Gipfel findet im November 2024 in Rio de Janeiro statt.",
                "Der G20-Gipfel fand im November 2024 in Rio de Janeiro statt.",
            )
        ),
        (
            "Der G20-Gipfel in Rio de Janeiro ist am Sonntag zu Ende gegangen.",
            "Summit",
            "occurred",
            {"summit": "summit/g20-2024"},
        ),
        *(
            (sentence, "Deployment", "denied", {"sender": "country/RU", "destination": "country/ML"})
            for sentence in (
                "Russland hat bestritten, Soldaten nach Mali geschickt zu haben.",
                "Russland weist den Vorwurf zurück, Soldaten nach Mali geschickt zu haben.",
                "Russland dementierte, Soldaten nach Mali zu schicken.",
            )
        ),
        ("Israel hat am Dienstag Ziele im Libanon angegriffen.", "Attack", "occurred", {"attacker": "country/IL"}),
        (
            "Japan sagte der Ukraine Hilfen in Höhe von 500 Millionen Euro zu.",
            "Aid",
            "planned",
            {"sender": "country/JP"},
        ),
    ],
)
def test_plain_sentences(sentence: str, type_: str, status: str, roles: dict[str, str]) -> None:
    claim = found(sentence, type_)
    assert claim is not None
    assert claim.status == status
    assert {role: " ".join(claim.roles.get(role, ())) for role in roles} == roles


@pytest.mark.parametrize(
    ("sentence", "bounds"),
    [
        ("Nordkorea hat mehr als 10.000 Soldaten nach Russland geschickt.", (10_000, None)),
        ("Frankreich könnte bis zu 2000 Soldaten in die Ukraine schicken.", (None, 2000)),
        ("Deutschland will im Mai 500 Soldaten nach Litauen entsenden.", (500, 500)),
    ],
)
def test_plain_figures(sentence: str, bounds: tuple[int | None, int | None]) -> None:
    claim = found(sentence, "Deployment")
    assert claim is not None
    assert claim.personnel is not None
    assert (claim.personnel.min, claim.personnel.max) == bounds


def test_plain_dates() -> None:
    claim = found("Frankreich zog im August 2022 seine letzten Soldaten aus Mali ab.", "Withdrawal")
    assert claim is not None
    assert claim.time is not None
    assert (claim.time.begin, claim.time.end) == (date(2022, 8, 1), date(2022, 8, 31))


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Trainerin schickte die Spieler auf den Platz.",
        "Der Stürmer griff über die linke Seite an.",
        "Die Regierung senkt die Steuern auf Strom.",
        "Am Wochenende regnet es im Norden.",
    ],
)
def test_plain_sentences_without_an_event(sentence: str) -> None:
    text = f"Kurz gemeldet\n\n{sentence}"
    assert load().extract(Article("probe", text, "Kurz gemeldet", date(2024, 11, 18), "given")).claims == ()
