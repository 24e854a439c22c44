"""Lay annotated articles out for `kg build`: `python -m training.corpus.inputs GOLD OUT`.

The annotation knows when and by whom an article was published; `kg build` wants that in `STEM.meta.json` beside the
text.
"""

import json
import shutil
from pathlib import Path

import click


@click.command(help=__doc__)
@click.argument("gold", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
def main(gold: Path, out: Path) -> None:
    """Write `STEM.txt` and `STEM.meta.json` of each annotated article into a folder."""
    annotations = sorted(gold.glob("*.gold.json"))
    if not annotations:
        raise click.ClickException(f"{gold} has no STEM.gold.json: name a folder of annotated articles.")
    out.mkdir(parents=True, exist_ok=True)
    for path in annotations:
        stem = path.name.removesuffix(".gold.json")
        known = json.loads(path.read_text(encoding="utf-8"))["article"]
        shutil.copy(gold / f"{stem}.txt", out)
        (out / f"{stem}.meta.json").write_text(json.dumps(known, ensure_ascii=False) + "\n", encoding="utf-8")
    click.echo(f"{len(annotations)} articles in {out}")


if __name__ == "__main__":
    main()
