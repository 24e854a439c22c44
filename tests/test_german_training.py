"""The recipe of the German pipeline: treebank tokens under ours. No corpus is needed."""

from pathlib import Path

from training.german.corpora import read_treebank
from training.german.stages import blank_pipeline

TREEBANK = """# sent_id = 1
# text = Er reist zum Ost-West-Gipfel.
1\tEr\ter\tPRON\tPPER\tCase=Nom|Gender=Masc|Number=Sing|Person=3|PronType=Prs\t2\tnsubj\t_\t_
2\treist\treisen\tVERB\tVVFIN\tMood=Ind|VerbForm=Fin\t0\troot\t_\t_
3-4\tzum\t_\t_\t_\t_\t_\t_\t_\t_
3\tzu\tzu\tADP\tAPPR\t_\t9\tcase\t_\t_
4\tdem\tder\tDET\tART\tCase=Dat|Definite=Def|Number=Sing\t9\tdet\t_\t_
5\tOst\tOst\tPROPN\tNE\tCase=Dat\t9\tcompound\t_\tSpaceAfter=No
6\t-\t-\tPUNCT\t$(\t_\t5\tpunct\t_\tSpaceAfter=No
7\tWest\tWest\tPROPN\tNE\tCase=Dat\t5\tconj\t_\tSpaceAfter=No
8\t-\t-\tPUNCT\t$(\t_\t9\tpunct\t_\tSpaceAfter=No
9\tGipfel\tGipfel\tNOUN\tNN\tCase=Dat|Number=Sing\t2\tobl\t_\tSpaceAfter=No
10\t.\t.\tPUNCT\t$.\t_\t2\tpunct\t_\t_

# sent_id = 2
# text = Es kreist.
1\tEs\tes\tPRON\tPPER\t_\t2\tnsubj\t_\t_
2\tkreist\tkreisen\tVERB\tVVFIN\t_\t1\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t$.\t_\t2\tpunct\t_\t_
"""


def test_treebank_words_merge_under_our_tokens_and_cyclic_sentences_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "x.conllu"
    file.write_text(TREEBANK, encoding="utf-8")
    (doc,) = read_treebank(file, blank_pipeline())
    assert [(t.text, t.pos_, t.tag_, str(t.morph), t.dep_, t.head.text) for t in doc] == [
        ("Er", "PRON", "PPER", "Case=Nom|Number=Sing|Person=3", "nsubj", "reist"),
        ("reist", "VERB", "VVFIN", "Mood=Ind|VerbForm=Fin", "ROOT", "reist"),
        ("zum", "ADP", "APPRART", "Case=Dat|Number=Sing", "case", "Ost-West-Gipfel"),
        ("Ost-West-Gipfel", "NOUN", "NN", "Case=Dat|Number=Sing", "obl", "reist"),
        (".", "PUNCT", "$.", "", "punct", "reist"),
    ]
