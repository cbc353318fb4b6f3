"""The mutation tool itself: what it breaks and what it leaves alone."""

from mutate import mutants

SOURCE = '''
def f(x, stride):
    """Doc 1."""
    if stride < 1:
        raise ValueError(f"stride is {stride - 1}")
    y = x[::stride]
    y += 1
    return g(x, y, axis=0)
'''


def changes():
    return {mutant.change.split(": ", 1)[1] for mutant in mutants(SOURCE)}


def test_each_kind_of_change_occurs():
    assert {
        "if stride < 1:  ->  if stride <= 1:",
        "if stride < 1:  ->  if stride < 2:",
        "if stride < 1:  ->  if stride < 0:",
        "if stride < 1:  ->  if True:",
        "if stride < 1:  ->  if False:",
        "y = x[::stride]  ->  y = x[:]",
        "y = x[::stride]  ->  pass",
        "y += 1  ->  y = 1",
        "y += 1  ->  y += 0",
        "return g(x, y, axis=0)  ->  return None",
        "return g(x, y, axis=0)  ->  return g(x, y)",
        "return g(x, y, axis=0)  ->  return g(y, x, axis=0)",
    } <= changes()


def test_docstrings_and_error_messages_are_left_alone():
    assert not any("Doc" in change or "ValueError" in change for change in changes())


def test_no_mutant_equals_the_source_or_another():
    sources = [mutant.source for mutant in mutants(SOURCE)]
    assert len(sources) == len(set(sources)) > 10
    for source in sources:
        compile(source, "mutant", "exec")
