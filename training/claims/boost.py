"""Fitting of the boosted trees, by LightGBM."""

from collections.abc import Sequence
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from kg.trees import Matrix, Node, Trees

ROUNDS = 200
_PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "max_depth": 6,
    "min_data_in_leaf": 40,
    "lambda_l2": 5,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


def fit_trees(matrix: Matrix, targets: NDArray[np.int8], columns: Sequence[str], forests: int = 1) -> Trees:
    """Fit trees that give the probability of 1; `matrix` is cases x columns.

    The log odds are the mean of those of several `forests`, each grown from another seed.
    """
    names = [str(number) for number in range(len(columns))]  # LightGBM wants names without white space
    trees = []
    for seed in range(1, forests + 1):
        data = lightgbm.Dataset(matrix, targets, feature_name=names)
        model = lightgbm.train({**_PARAMETERS, "seed": seed}, data, ROUNDS).dump_model()
        trees += [_flatten(tree["tree_structure"], forests) for tree in model["tree_info"]]
    return Trees.of(columns, 0.0, trees)


def _flatten(root: dict[str, Any], forests: int) -> list[Node]:
    """Return the nodes of one tree, each before its children, with its share of the mean for a value."""
    nodes: list[Node] = []

    def add(node: dict[str, Any]) -> int:
        number = len(nodes)
        if "split_feature" not in node:
            nodes.append(Node(node["leaf_value"] / forests))
            return number
        nodes.append(Node(0.0))
        left, right = add(node["left_child"]), add(node["right_child"])
        nodes[number] = Node(node["internal_value"] / forests, node["split_feature"], node["threshold"], left, right)
        return number

    add(root)
    return nodes
