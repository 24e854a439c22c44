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
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


def fit_trees(matrix: Matrix, targets: NDArray[np.int8], columns: Sequence[str], rounds: int = ROUNDS) -> Trees:
    """Fit trees that give the probability of 1; `matrix` is cases x columns."""
    names = [str(number) for number in range(len(columns))]  # LightGBM wants names without white space
    data = lightgbm.Dataset(matrix, targets, feature_name=names)
    model = lightgbm.train(_PARAMETERS, data, rounds).dump_model()
    trees = [_flatten(tree["tree_structure"]) for tree in model["tree_info"]]
    return Trees.of(columns, 0.0, trees)


def _flatten(root: dict[str, Any]) -> list[Node]:
    """Return the nodes of one tree, each before its children."""
    nodes: list[Node] = []

    def add(node: dict[str, Any]) -> int:
        number = len(nodes)
        if "split_feature" not in node:
            nodes.append(Node(node["leaf_value"]))
            return number
        nodes.append(Node(0.0))
        left, right = add(node["left_child"]), add(node["right_child"])
        nodes[number] = Node(node["internal_value"], node["split_feature"], node["threshold"], left, right)
        return number

    add(root)
    return nodes
