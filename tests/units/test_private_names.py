"""The inventory of what the project uses of other packages although they do not promise it.

An upgrade that moves one of these names fails here, by its name; a new use must be listed first.
"""

import ast
import importlib
from pathlib import Path

import keras
import pytest

PACKAGE = Path(__file__).parents[2] / "autograder"
PRIVATE = {
    # what the name is: why there is no public one
    "keras.Model._flatten_layers": "layers inside layers, such as those of a Bidirectional",
    "keras.src.api_export.get_symbol_from_name": "what safe deserialization itself looks up",
    "keras.src.models.functional.Functional": "what `keras.Model(inputs, outputs)` makes",
    "keras.src.backend.common.global_state.set_global_attribute": "counters of layer names",
    "IPython.core.interactiveshell.InteractiveShell._format_exception_for_storage": "is replaced",
    "nbgrader.api.create_engine": "is replaced: one engine for each gradebook",
    "nbgrader.api.get_alembic_version": "is replaced: no process of its own for a new gradebook",
    "nbgrader.dbutil.check_call": "is replaced: the alembic of an environment that is not active",
    "nbgrader.dbutil.ALEMBIC_DIR": "where the revisions of the gradebook's tables lie",
}
OF_INSTANCES = {"_keras_history", "_inbound_nodes"}  # exist once something is made
PUBLIC = {"_exit", "_fields", "_render_traceback_"}  # documented by Python and IPython


@pytest.mark.parametrize("path", PRIVATE)
def test_every_private_name_is_still_there(path):
    module, _, name = path.rpartition(".")
    try:
        owner = importlib.import_module(module)
    except ModuleNotFoundError:
        module, _, kind = module.rpartition(".")
        owner = getattr(importlib.import_module(module), kind)
    assert hasattr(owner, name)


def test_private_attributes_of_instances_are_still_there():
    tensor = keras.layers.Dense(1)(keras.Input((2,)))
    assert {"operation", "node_index"} <= set(tensor._keras_history._fields)
    (node,) = tensor._keras_history.operation._inbound_nodes
    assert node.input_tensors and node.arguments


def test_the_inventory_is_complete():
    trees = [ast.parse(p.read_text()) for p in PACKAGE.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    own = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    own |= {n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    own |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    used = {n.attr for n in nodes if isinstance(n, ast.Attribute) and n.attr.startswith("_")}
    used = {name for name in used - own if not name.startswith("__")}
    listed = {path.rpartition(".")[2] for path in PRIVATE}
    assert used <= listed | OF_INSTANCES | PUBLIC
    inner = {
        f"{node.module}.{alias.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom) and ".src" in f"{node.module}."
        for alias in node.names
    }
    assert all(any(f"{path}.".startswith(f"{name}.") for path in PRIVATE) for name in inner)
