"""An article becomes an extraction: the stages in order."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from spacy.language import Language
from threadpoolctl import threadpool_limits

from kg import german
from kg.claims import ClaimModels, find_claims, load_models
from kg.dates import find_times
from kg.encoder import Context, Encoder, load_encoder, mark_words, read_halfway
from kg.encoder.words import open_lists
from kg.linking import link_entities
from kg.model import Article, Extraction
from kg.quantities import find_figures
from kg.reading import Reading
from kg.recogniser import find_names


@dataclass(frozen=True, slots=True)
class Extractor:
    """The loaded models; build it once with `load` and use it for many articles."""

    nlp: Language
    models: ClaimModels
    encoder: Encoder

    def read(self, article: Article) -> Reading:
        """Find words, names, dates and figures."""
        return read(self.nlp, self.encoder, article)

    def extract(self, article: Article) -> Extraction:
        """Read an article and find what it claims."""
        return self.extract_from(self.read(article))

    def extract_from(self, reading: Reading) -> Extraction:
        """Find what an article claims that has been read."""
        return Extraction(reading.article, reading.entities, find_claims(reading, self.models))


def read(nlp: Language, encoder: Encoder, article: Article) -> Reading:
    """Find words, names, dates and figures of an article, and what the encoder says of them."""
    doc = german.parse(nlp, article)
    halfway = read_halfway(encoder, doc)
    doc.ents = find_names(encoder, doc, halfway)
    entities = link_entities(doc, article)
    times, figures = find_times(doc, article.published), find_figures(doc)
    marks = mark_words(doc, article.published, entities, times, figures)
    return Reading(article, doc, entities, times, figures, context=Context(encoder, doc, halfway, marks))


def load(language_model: str = "") -> Extractor:
    """Load the models; `language_model` as in `Settings.language_model`.

    From then on numpy multiplies in one thread: a process that reads is one core's work. Threads for matrices as small
    as these get in each other's way, which doubles the processor's time, and add numbers up in another order.

    Raises:
        DataError: a model is missing or broken.
    """
    threadpool_limits(1, user_api="blas")
    with ThreadPoolExecutor(1) as beside:  # most of it is unpacking, which lets others go on
        encoder = beside.submit(_load_encoder)
        nlp, models = german.load(language_model), load_models()
        return Extractor(nlp, models, encoder.result())


def _load_encoder() -> Encoder:
    open_lists()
    return load_encoder()
