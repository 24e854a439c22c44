"""Scripts that generate the parts of the gazetteer which libraries carry."""
