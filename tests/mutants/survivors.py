"""Breaks each reference solution in every small way, grades the mutants, lists the survivors.

Run by `make mutants`. A mutant that keeps all of its points is a survivor: either a test is
missing, or the change makes no difference to the result. The latter stand in `equivalent.toml` with
the reason; the exit status is 1 where any other survivor is left.
"""

import ast
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "catalogue"))

from mutate import mutants  # noqa: E402
from packed import ASSIGNMENTS, Answer, grade, solution_sources  # noqa: E402


def main(assignments: list[str]) -> int:
    """Print the survivors of the given assignments (all of them if none is given)."""
    explained = tomllib.loads((HERE / "equivalent.toml").read_text())
    unexplained = 0
    for assignment in assignments or ASSIGNMENTS:
        answers = [
            Answer(function, f"mutant: {mutant.change}", mutant.source)
            for function, source in solution_sources(assignment).items()
            if function in function_names(source)
            for mutant in mutants(source)
        ]
        survivors = [m.answer for m in grade(assignment, answers) if m.score == m.points]
        known = explained.get(assignment, {})
        for answer in survivors:
            reason = known.get(answer.function, {}).get(answer.name.removeprefix("mutant: "))
            unexplained += reason is None
            print(f"{assignment} {answer.function} {answer.name}: {reason or 'SURVIVES'}")
        print(f"{assignment}: {len(answers)} mutants, {len(survivors)} survive", flush=True)
    print(f"survivors without an explanation: {unexplained}")
    return min(unexplained, 1)


def function_names(source: str) -> set[str]:
    """The functions that a cell defines."""
    return {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
