"""Compares the calls of a program with the classes of a generated SDK, without either being run: PROGRAM SDK."""

import ast
import json
import pathlib
import sys

program, sdk = sys.argv[1:]


def keywords(cls):
    inits = [node for node in cls.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"]
    return {arg.arg for init in inits for arg in [*init.args.args, *init.args.kwonlyargs]}


classes = {}
for file in pathlib.Path(sdk).rglob("*.py"):
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.ClassDef):
            classes.setdefault(node.name, set()).update(keywords(node))

calls = [
    node
    for node in ast.walk(ast.parse(pathlib.Path(program).read_text()))
    if isinstance(node, ast.Call)
    and isinstance(node.func, ast.Attribute)
    and isinstance(node.func.value, ast.Name)
    and node.func.value.id == "artifact_metadata"
]
unknown = [
    f"{call.func.attr}({keyword.arg})"
    for call in calls
    for keyword in call.keywords
    if keyword.arg not in classes.get(call.func.attr, set())
]
print(json.dumps({"unknown": unknown, "calls": len(calls)}))
