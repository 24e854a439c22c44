"""Puts the trained components together into the small folder that the package carries."""

import shutil
from pathlib import Path

from spacy.language import Language

from training.german.stages import blank_pipeline
from training.german.vectors import share_vectors


def join(parts: list[Language]) -> Language:
    """Make one pipeline of the components of several, which share their vectors.

    The weights go into a fresh vocabulary: labels come along, the words of the corpora stay behind.
    """
    nlp = blank_pipeline()
    share_vectors(parts[0], nlp)
    for part in parts:
        for name, component in part.pipeline:
            config = {key: value for key, value in part.get_pipe_config(name).items() if key != "factory"}
            new = nlp.add_pipe(part.get_pipe_meta(name).factory, name=name, config=config)
            new.from_bytes(component.to_bytes(exclude=["vocab"]), exclude=["vocab"])  # type: ignore[attr-defined]  # spaCy types the base class
            for label in getattr(new, "labels", ()):
                nlp.vocab.strings.add(label)
    return nlp


def write_model(nlp: Language, target: Path, version: str) -> None:
    """Write a pipeline to a folder, which it replaces; vectors are stored in half precision."""
    nlp.meta.update(name="lagebild", version=version, description="German news: syntax and morphology")
    full = nlp.vocab.vectors.data
    nlp.vocab.vectors.data = full.astype("float16")
    if target.exists():
        shutil.rmtree(target)
    nlp.to_disk(target)
    nlp.vocab.vectors.data = full
