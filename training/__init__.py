"""How the models in `kg/data` were trained, as recipes that run."""
