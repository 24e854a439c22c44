"""Puts the trained components together into the small folder that the package carries."""

import shutil
from pathlib import Path

from spacy.language import Language

from training.german.stages import blank_pipeline


def assemble(parts: list[Language], target: Path, version: str) -> None:
    """Write the components of the pipelines, in their order, with the first one's vectors, to `target`.

    The weights go into a fresh vocabulary: the words of the corpora stay behind. Vectors are stored in half precision.
    """
    nlp = blank_pipeline()
    nlp.vocab.vectors = parts[0].vocab.vectors
    for part in parts:
        for name, component in part.pipeline:
            factory = part.get_pipe_meta(name).factory
            config = {key: value for key, value in part.get_pipe_config(name).items() if key != "factory"}
            new = nlp.add_pipe(factory, name=name, config=config)
            new.from_bytes(component.to_bytes(exclude=["vocab"]), exclude=["vocab"])  # type: ignore[attr-defined]
    nlp.meta.update(name="lagebild", version=version, description="German news: syntax, morphology, names")
    full = nlp.vocab.vectors.data
    nlp.vocab.vectors.data = full.astype("float16")
    if target.exists():
        shutil.rmtree(target)
    nlp.to_disk(target)
    nlp.vocab.vectors.data = full
