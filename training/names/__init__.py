"""Trains the recogniser of names: the first layers of the encoder, taught on the names of annotated articles."""
