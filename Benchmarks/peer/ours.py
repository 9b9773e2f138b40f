"""ambq's programs, run as a user runs them."""

import json
import subprocess
import tempfile
from pathlib import Path

import numpy


class Ours:
    def __init__(self, built):
        self.program = str(Path(built) / "ambtrain")

    def run(self, *arguments, stdin=None):
        command = [self.program, *arguments]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, input=stdin, text=True).stdout

    def figures(self, *arguments):
        """Each figure's repetitions, by name, of one `ambtrain bench`."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "figures.json"
            self.run("bench", *arguments, "--json", str(file))
            records = json.loads(file.read_text())["records"]
        return {figure["name"]: figure["values"] for record in records for figure in record["figures"]}

    def reduced(self):
        """The reduced precisions that the processor has."""
        with open("/proc/cpuinfo") as lines:
            flags = set(next((line for line in lines if line.startswith("flags")), "").split())
        return [name for name, flag in (("bf16", "avx512_bf16"), ("int8", "avx512_vnni")) if flag in flags]

    def logits(self, folder):
        """Fused logits [U, C] of the dialogues that a benchmark saved."""
        text = self.run("score", "--model", f"{folder}/model", "--logits", f"{folder}/dialogues.h5")
        return numpy.array([json.loads(line)["logits"] for line in text.splitlines()])
