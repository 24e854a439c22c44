"""How the German pipeline in `kg/data/model` is trained: `python -m training.german --shared DIR`."""
