"""Changes one label in each kind of export as its users' programs do, and has `ambq correct` find exactly that.

usage: correct_exports.py AMBQ FOLDER, filled by etc/test-export.sh, with AMBQ_SPOOL set
Exit code 0 only if untouched exports correct nothing and each changed one corrects one utterance.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pandas
import pympi

ambq = sys.argv[1]
folder = pathlib.Path(sys.argv[2])
here = pathlib.Path(__file__).parent
work = folder / "corrected"
work.mkdir()
failures = []


def corrections(path, *options):
    """The lines that say what would be corrected."""
    result = subprocess.run(
        [ambq, "correct", "--from", path, "--by", "Anna", "--dry-run", *options],
        capture_output=True, text=True, encoding="utf-8")
    if result.returncode not in (0, 1):
        failures.append(f"{path.name}: {result.stderr.strip()}")
    return result.stdout.splitlines()


def check(what, found, expected):
    if found != expected:
        failures.append(f"{what}: found {str(found)[:300]}, expected {str(expected)[:300]}")


def copied(name):
    target = work / name.replace("/", "-")
    shutil.copy(folder / name, target)
    return target


rows = [json.loads(line) for line in (folder / "timed.jsonl").read_text(encoding="utf-8").splitlines()]
row = next(row for row in rows if row["dialogue"] == "support-call" and row["emotion"] not in ("disgust", "unknown"))
old, place = row["emotion"], f"{row['dialogue']}:{row['utterance']}"
one = [f"{place}: {old} → disgust (Anna)"]

for name in ("labels.jsonl", "labels.csv", "safe.csv", "elan/support-call.eaf", "tasks.json"):
    check(f"{name}, untouched", corrections(folder / name), [])
grid = "textgrid/support-call.TextGrid"
check(f"{grid}, untouched", corrections(folder / grid), [])

# pandas, as a notebook would
for name, separator in (("labels.csv", ","), ("safe.csv", ";")):
    path = copied(name)
    table = pandas.read_csv(path, dtype=str, keep_default_na=False)
    chosen = (table.dialogue == row["dialogue"]) & (table.utterance == row["utterance"])
    table.loc[chosen, "emotion"] = "disgust"
    table.to_csv(path, index=False, sep=separator, encoding="utf-8-sig")
    check(f"{name}, by pandas", corrections(path), one)
    table.loc[chosen, "emotion"] = old
    table.loc[chosen, "truth"] = "disgust"
    table.to_csv(path, index=False)
    check(f"{name}, truth filled in", corrections(path), one)

# pympi, which writes the file anew
path = copied("elan/support-call.eaf")
eaf = pympi.Elan.Eaf(str(path))
tier = next(t for t in eaf.get_tier_names() if t == f"{row['speaker']} - emotion")
annotations = eaf.tiers[tier][1]
number = next(n for n in annotations if annotations[n][1] == old)
annotations[number] = (annotations[number][0], "disgust", *annotations[number][2:])
eaf.to_file(str(path))
check("ELAN, by pympi", [line.split(": ")[1] for line in corrections(path)], [one[0].split(": ")[1]])

# Praat
path = copied(grid)
os.rename(path, work / "support-call.TextGrid")
path = work / "support-call.TextGrid"
subprocess.run(["praat", "--run", here / "change.praat", path, old, "disgust"], check=True)
check("TextGrid, by Praat", [line.split(": ")[1] for line in corrections(path)], [one[0].split(": ")[1]])

# Label Studio's export: the task with what a person chose
tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
task = next(t for t in tasks if t["data"]["name"] == row["dialogue"])
region = next(r for r in task["predictions"][0]["result"] if r["value"]["start"] == str(row["turn"]))
region["value"]["paragraphlabels"] = ["disgust"]
task["annotations"] = [{"id": 1, "completed_by": 1, "was_cancelled": False, "result": [region]}]
path = work / "annotated.json"
path.write_text(json.dumps([task]), encoding="utf-8")
check("Label Studio", corrections(path), one)

for failure in failures:
    print(failure, file=sys.stderr)
print(f"correct_exports: {'failed' if failures else 'every changed label came back, and nothing else'}")
sys.exit(1 if failures else 0)
