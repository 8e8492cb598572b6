"""The table of operators."""

from examples.operators import OPERATORS, main, row
from spatial.nn import ops


def test_a_row_tells_cycles_lanes_and_resources():
    before, after, lanes, peak, dsp, lut = row(ops.gemm(8, 8, 8, pes=(2, 2)))
    assert before > after > 8 * 8 * 8 / 4
    assert lanes == 4
    assert peak == 8 * 8 * 8 / 4 / after
    assert (dsp, lut > 0) == (0, True)


def test_the_table_has_a_row_for_each_operator(capsys, monkeypatch):
    monkeypatch.setattr("examples.operators.row", lambda operator: (20, 10, 2, 0.5, 3, 4000))
    monkeypatch.setattr("examples.operators.OPERATORS", dict.fromkeys(OPERATORS, lambda: None))
    main()
    _, _, *rows = capsys.readouterr().out.splitlines()
    assert len(rows) == len(OPERATORS)
    assert rows[0] == "| `gemm(64, 64, 64)` | 20 | 10 | 2 | 50.0% | 3 | 4,000 |"
