"""What a word means where it stands: a small transformer encoder, read once for each article.

The linear models know words and what stands around them one by one; the encoder has read the article as a whole and
knows words that our corpus never had. Its answers are added to theirs: see `Context`. How it was trained stands in
`training/encoder`.
"""

from kg.encoder.context import NEVER, Context, Mentions
from kg.encoder.marks import MARKS, mark_words
from kg.encoder.model import ENCODER_FOLDER, LABELS, Encoder, load_encoder
from kg.encoder.windows import Layout, lay_out

__all__ = [
    "ENCODER_FOLDER", "LABELS", "MARKS", "NEVER", "Context", "Encoder", "Layout", "Mentions", "lay_out", "load_encoder",
    "mark_words",
]  # fmt: skip
