"""The measurements of speed."""

from pathlib import Path

from click.testing import CliRunner

from benchmarks.speed import main


def test_a_folder_without_articles_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path)])
    assert result.exit_code == 1
    assert "has no articles. Give a folder with .txt files." in result.output
