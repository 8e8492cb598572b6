"""What `docs/npu-model.md` shows is what happens, and its parameters are those of the device."""

import re
from pathlib import Path

import pytest

from benchmarks.residual import STEPS, predicted_step
from spatial.device.npu import npu

PAGE = Path(__file__).parents[2] / "docs" / "npu-model.md"
TEXT = PAGE.read_text(encoding="utf-8")
PROGRAM = re.compile(r"```python\n(.*?)```", re.S)


def test_the_program_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for number, program in enumerate(PROGRAM.findall(TEXT)):
        path = tmp_path / f"program_{number}.py"
        path.write_text(program, encoding="utf-8")
        exec(compile(program, str(path), "exec"), {"__name__": "program", "__file__": str(path)})
    assert "bottleneck: launch" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["launch_us", "issue_us", "page_us", "loop", "apart"])
def test_fitted_times_are_those_of_the_device(name):
    assert f"| `{name}` | {getattr(npu('npu1').times, name):g} |" in TEXT


def test_fills_are_those_of_the_device():
    fills = [npu("npu1").products[name].fill for name in ("int8", "int16", "bfloat16")]
    assert f"| {', '.join(f'{each:g}' for each in fills)} |" in TEXT


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_steps_of_the_residual_layer_are_those_of_the_benchmark(step):
    found = predicted_step(step)
    error = 100 * (found / step.milliseconds - 1)
    assert f"| {step.name} | {step.milliseconds:.2f} | {found:.2f} | {error:+.1f} % |" in TEXT
