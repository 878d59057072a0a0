"""Numbers move only on purpose: three small scenarios against the committed summary."""

from analysis.baseline import PATH, changes, committed_text, current_text


def test_no_number_moved():
    lines = changes(committed_text(), current_text())
    assert not lines, "\n".join([
        f"{len(lines)} numbers moved; if on purpose: `xiancheng baseline --accept`, and a changelog line `numbers`",
        *lines[:40],
    ])


def test_changes_are_readable():
    old = "scenario,seed,month,indicator,value\na,1,2020-12,x,1.0\na,1,2020-12,y,nan\na,1,2020-12,z,2.0\n"
    new = "scenario,seed,month,indicator,value\na,1,2020-12,x,1.5\na,1,2020-12,y,nan\na,1,2020-12,w,3.0\n"
    assert changes(old, new) == ["a 1 2020-12 w: new 3.0", "a 1 2020-12 x: 1.0 -> 1.5", "a 1 2020-12 z: gone"]
    assert changes(old, old) == []
    assert PATH.name == "baseline.csv"
