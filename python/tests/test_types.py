"""What is said of the package's types."""

import ast
import inspect
from pathlib import Path

import palaestra
from palaestra import _native


def test_the_package_says_that_it_is_typed():
    assert (Path(palaestra.__file__).parent / "py.typed").exists()


def test_the_stubs_of_the_native_part_name_what_it_has_and_nothing_else():
    stubs = ast.parse((Path(palaestra.__file__).parent / "_native.pyi").read_text())
    told = {}
    for node in stubs.body:
        if isinstance(node, ast.ClassDef):
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            told[node.name] = {method.name: [arg.arg for arg in method.args.args[1:]] for method in methods}
        elif isinstance(node, ast.FunctionDef):
            told[node.name] = [arg.arg for arg in node.args.args]
    found = {name: member for name, member in vars(_native).items() if not name.startswith("__")}
    assert told.keys() == found.keys()
    for name, member in found.items():
        if inspect.isclass(member):
            methods = {method for method in vars(member) if not method.startswith("__") or method == "__new__"}
            if not issubclass(member, Exception):
                assert told[name].keys() == methods, name
            for method in methods - {"__new__"}:
                parameters = inspect.signature(getattr(member, method)).parameters
                assert told[name][method] == [one for one in parameters if one != "self"], (name, method)
        else:
            assert told[name] == list(inspect.signature(member).parameters), name
