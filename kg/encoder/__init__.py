"""What a word means where it stands: a small transformer encoder, read once for each article.

The linear models know words and what stands around them one by one; the encoder has read the article as a whole and
knows words that our corpus never had. Its answers are added to theirs: see `Context`. Names are found from what it has
understood halfway (`kg.recogniser`), and the other half of its layers knows of them. How it was trained stands in
`training/encoder`.
"""

from kg.encoder.context import NEVER, Context, Mentions
from kg.encoder.halfway import Halfway, read_halfway
from kg.encoder.marks import MARKS, mark_words
from kg.encoder.model import ENCODER_FOLDER, Encoder, load_encoder

__all__ = [
    "ENCODER_FOLDER", "MARKS", "NEVER", "Context", "Encoder", "Halfway", "Mentions", "load_encoder",
    "mark_words", "read_halfway",
]  # fmt: skip
