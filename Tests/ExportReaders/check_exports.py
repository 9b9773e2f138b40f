"""Reads what `ambq export` wrote with the readers that its users have, and compares it with the JSON Lines of the same rows.

usage: check_exports.py FOLDER, filled by etc/test-export.sh
Exit code 0 only if every reader finds every utterance with its speaker, times, words and emotion.
"""

import collections
import csv
import json
import pathlib
import subprocess
import sys

import duckdb
import pandas
import pyarrow.parquet
import pympi
import srt
import textgrid
import webvtt
from label_studio_sdk.label_interface import LabelInterface
from lxml import etree
from pyannote.database.util import load_rttm

folder = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent
failures = []


def check(what, found, expected):
    """Notes a difference, shortly."""
    if found != expected:
        failures.append(f"{what}: found {str(found)[:300]}, expected {str(expected)[:300]}")


def rows(name):
    """The utterances of an export as JSON Lines, by dialogue."""
    dialogues = collections.defaultdict(list)
    for line in (folder / name).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        dialogues[row["dialogue"]].append(row)
    return dialogues


def spoken(row):
    return row["text"] or f"[utterance {row['utterance']}]"


def milliseconds(row):
    start = round(row["start"] * 1000)
    return start, max(start + 1, round(row["end"] * 1000))


def near(left, right):
    return abs(left - right) < 0.0011


def intervals_of(dialogue):
    """What the tiers of words, emotion and confidence must hold, whatever tier a turn lies in."""
    result = {"": [], "emotion": [], "confidence": []}
    for row in dialogue:
        start, end = milliseconds(row)
        certainty = f"no label: {row['reason']}" if row["reason"] else f"{row['confidence']:.4f}".rstrip("0").rstrip(".")
        for kind, value in (("", spoken(row)), ("emotion", row["emotion"]), ("confidence", certainty)):
            result[kind].append((row["speaker"], start, end, value))
    return {kind: sorted(values) for kind, values in result.items()}


def tier(name):
    """The speaker and the kind of a tier by its name."""
    for kind in ("emotion", "confidence"):
        if name.endswith(f" - {kind}"):
            name, found = name[: -len(kind) - 3], kind
            break
    else:
        found = ""
    return (name[:-4] if name.endswith(" (2)") else name), found


def file_of(kind, dialogue, ending):
    safe = dialogue.replace("%", "%25").replace("/", "%2F")
    return folder / kind / f"{safe}.{ending}"


def check_textgrid(dialogues):
    for name, dialogue in dialogues.items():
        path = file_of("textgrid", name, "TextGrid")
        expected = intervals_of(dialogue)
        output = subprocess.run(
            ["praat", "--run", here / "read.praat", path], capture_output=True, check=True, text=True, encoding="utf-8")
        found = {"": [], "emotion": [], "confidence": []}
        reached = {}
        for line in output.stdout.splitlines():
            title, start, end, label = line.split("\t", 3)
            if title == "ambq":
                check(f"Praat, {path.name}: what it is of", label.endswith(f"ambq:dialogue {name}"), True)
                continue
            check(f"Praat, {path.name}, {title}: gap", near(float(start), reached.get(title, 0)), True)
            reached[title] = float(end)
            speaker, kind = tier(title)
            if label:
                found[kind].append((speaker, round(float(start) * 1000), round(float(end) * 1000), label))
        check(f"Praat, {path.name}: ends", len(set(reached.values())), 1)
        for kind in expected:
            check(f"Praat, {path.name}, {kind or 'words'}", sorted(found[kind]), expected[kind])
        found = {"": [], "emotion": [], "confidence": []}
        for each in textgrid.TextGrid.fromFile(str(path)):
            if each.name == "ambq":
                continue
            speaker, kind = tier(each.name)
            for part in each:
                if part.mark:
                    start, end = round(float(part.minTime) * 1000), round(float(part.maxTime) * 1000)
                    found[kind].append((speaker, start, end, part.mark))
        for kind in expected:
            check(f"textgrid, {path.name}, {kind or 'words'}", sorted(found[kind]), expected[kind])


def check_elan(dialogues):
    for name, dialogue in dialogues.items():
        path = file_of("elan", name, "eaf")
        expected = intervals_of(dialogue)
        elan = pympi.Elan.Eaf(str(path))
        found = {"": [], "emotion": [], "confidence": []}
        for title in elan.get_tier_names():
            speaker, kind = tier(title)
            check(f"pympi, {path.name}, {title}: participant", elan.get_parameters_for_tier(title)["PARTICIPANT"], speaker)
            annotations = (
                elan.get_ref_annotation_data_for_tier(title) if kind else elan.get_annotation_data_for_tier(title))
            found[kind] += [(speaker, *values[:3]) for values in annotations]
        for kind in expected:
            check(f"pympi, {path.name}, {kind or 'words'}", sorted(found[kind]), expected[kind])
        entries = elan.get_controlled_vocabulary_names()
        check(f"pympi, {path.name}: vocabularies", list(entries), ["emotions"])
        document = etree.parse(str(path))
        values = {value.text for value in document.iter("CVE_VALUE")}
        check(f"lxml, {path.name}: emotions outside the vocabulary", {row["emotion"] for row in dialogue} - values, set())
        ids = [each.get("ANNOTATION_ID") for each in document.iter("ALIGNABLE_ANNOTATION", "REF_ANNOTATION")]
        check(f"lxml, {path.name}: ids that repeat", len(ids), len(set(ids)))


def mark(row):
    return f"[{row['emotion']}{'?' if row['certain'] is False else ''}] "


def check_webvtt(dialogues):
    for name, dialogue in dialogues.items():
        path = file_of("webvtt", name, "vtt")
        found = [
            (caption.voice, caption.start, caption.end, caption.text)
            for caption in webvtt.read(str(path))]
        expected = []
        for row in sorted(dialogue, key=lambda row: milliseconds(row)[0]):
            start, end = milliseconds(row)
            expected.append((row["speaker"], clock(start, "."), clock(end, "."), mark(row) + spoken(row)))
        check(f"webvtt-py, {path.name}", [(each[1], each[2]) for each in found], [(each[1], each[2]) for each in expected])
        check(f"webvtt-py, {path.name}: words", [unescape(each[3]) for each in found], [each[3] for each in expected])
        check(f"webvtt-py, {path.name}: voices", [each[0] for each in found], [each[0] for each in expected])


def unescape(text):
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def clock(milliseconds, separator):
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{separator}{rest:03}"


def check_srt(dialogues):
    for name, dialogue in dialogues.items():
        path = file_of("srt", name, "srt")
        cues = list(srt.parse(path.read_text(encoding="utf-8"), ignore_errors=False))
        check(f"srt, {path.name}: cues", len(cues), len(dialogue))
        ordered = sorted(dialogue, key=lambda row: milliseconds(row)[0])
        for number, (cue, row) in enumerate(zip(cues, ordered), 1):
            start, end = milliseconds(row)
            check(f"srt, {path.name}: number", cue.index, number)
            check(f"srt, {path.name}: start", round(cue.start.total_seconds() * 1000), start)
            check(f"srt, {path.name}: end", round(cue.end.total_seconds() * 1000), end)
            check(f"srt, {path.name}: begins", cue.content.startswith(f"{row['speaker']}: {mark(row)}"), True)


def check_rttm(dialogues):
    word = lambda text: "_".join(text.split())
    annotations = load_rttm(str(folder / "labels.rttm"))
    check("pyannote: files", sorted(annotations), sorted(word(name) for name in dialogues))
    for name, dialogue in dialogues.items():
        found = sorted(
            (round(segment.start * 1000), round(segment.end * 1000), label)
            for segment, _, label in annotations[word(name)].itertracks(yield_label=True))
        expected = sorted((*milliseconds(row), word(row["speaker"])) for row in dialogue)
        check(f"pyannote, {name}", found, expected)
    fields = [line.split(" ") for line in (folder / "labels.rttm").read_text(encoding="utf-8").splitlines()]
    check("rttm: fields", {len(each) for each in fields}, {10})
    emotions = collections.Counter(each[6] for each in fields)
    check("rttm: emotions", emotions, collections.Counter(row["emotion"] for each in dialogues.values() for row in each))


def check_emotionml(dialogues):
    space = {"e": "http://www.w3.org/2009/10/emotionml", "a": "urn:ambq:utterance"}
    schema = etree.RelaxNG(etree.parse(str(here / "emotionml.rng")))
    for name, dialogue in dialogues.items():
        path = file_of("emotionml", name, "emotionml")
        document = etree.parse(str(path))
        check(f"lxml, {path.name}: {schema.error_log}", schema.validate(document), True)
        items = [item.get("name") for item in document.iterfind("e:vocabulary/e:item", space)]
        emotions = document.findall("e:emotion", space)
        check(f"lxml, {path.name}: emotions", len(emotions), len(dialogue))
        for emotion, row in zip(emotions, dialogue):
            info = emotion.find("e:info/a:utterance", space)
            categories = emotion.findall("e:category", space)
            check(f"lxml, {path.name}: id", info.get("id"), row["utterance"])
            check(f"lxml, {path.name}: words", info.text, row["text"])
            check(f"lxml, {path.name}: label", categories[0].get("name"), row["emotion"])
            check(f"lxml, {path.name}: reason", info.get("reason"), row["reason"])
            check(f"lxml, {path.name}: in the vocabulary", {each.get("name") for each in categories} - set(items), set())
            for each in categories:
                value = row["probabilities"].get(each.get("name"))
                if each.get("confidence"):
                    same = value is not None and abs(float(each.get("confidence")) - value) < 6e-5
                    check(f"lxml, {path.name}: confidence", same, True)


def check_label_studio(dialogues):
    interface = LabelInterface((folder / "config.xml").read_text(encoding="utf-8"))
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    check("label-studio: tasks", [task["data"]["name"] for task in tasks], list(dialogues))
    for task, (name, dialogue) in zip(tasks, dialogues.items()):
        # Without its annotations, which this reader's release cannot check along with the task.
        data = {"data": task["data"]}
        check(f"label-studio, {name}: task", interface.validate_task(data), True)
        for annotation in task.get("annotations", []):
            check(f"label-studio, {name}: annotation", interface.validate_annotation(annotation), True)
        turns = task["data"]["dialogue"]
        check(f"label-studio, {name}: turns", [turn["utterance"] for turn in turns], [row["utterance"] for row in dialogue])
        check(f"label-studio, {name}: reasons", [turn.get("reason") for turn in turns], [row["reason"] for row in dialogue])
        found = [None] * len(dialogue)
        for prediction in task["predictions"]:
            check(f"label-studio, {name}: prediction", interface.validate_prediction(prediction), True)
            for region in prediction["result"]:
                value = region["value"]
                place = int(value["start"])
                found[place] = value["paragraphlabels"][0]
                text = turns[place]["text"].encode("utf-16-le")[2 * value["startOffset"] : 2 * value["endOffset"]]
                check(f"label-studio, {name}: text", text.decode("utf-16-le"), turns[place]["text"])
        expected = [None if row["reason"] else row["emotion"] for row in dialogue]
        check(f"label-studio, {name}: labels", found, expected)
        truth = [region["value"]["paragraphlabels"][0] for each in task.get("annotations", []) for region in each["result"]]
        check(f"label-studio, {name}: truth", truth, [row["truth"] for row in dialogue if row["truth"]])


def check_tables(dialogues):
    expected = [row for dialogue in dialogues.values() for row in dialogue]
    with open(folder / "labels.csv", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    check("csv: rows", len(table), len(expected))
    database = duckdb.connect()
    parquet = str(folder / "labels.parquet")
    by_duckdb = database.execute("SELECT * FROM read_parquet(?)", [parquet]).fetchall()
    names = [each[0] for each in database.description]
    by_duckdb = [dict(zip(names, values)) for values in by_duckdb]
    by_arrow = pyarrow.parquet.read_table(parquet)
    arrow_rows = by_arrow.to_pylist()
    types = {field.name: str(field.type) for field in by_arrow.schema}
    check("pyarrow: time", types["scored"], "timestamp[ms, tz=UTC]")
    check("pyarrow: number", types["confidence"], "double")
    check("pyarrow: text", types["text"], "string")
    check("pyarrow: flag", types["certain"], "bool")
    check("pyarrow: columns", by_arrow.column_names, list(table[0]))
    check("duckdb: columns", names, list(table[0]))
    check("pyarrow: rows", len(arrow_rows), len(expected))
    check("duckdb: rows", len(by_duckdb), len(expected))
    same = ["dialogue", "utterance", "turn", "speaker", "start", "end", "text", "emotion", "confidence", "reason",
            "certain", "truth", "margin", "stability", "bundle", "bundle_digest", "model", "model_digest", "current"]
    for number, row in enumerate(expected):
        row = dict(row, set=None if row["set"] is None else ",".join(row["set"]))
        for name in [*same, "set"]:
            check(f"pyarrow, row {number}, {name}", arrow_rows[number][name], row[name])
            check(f"duckdb, row {number}, {name}", by_duckdb[number][name], row[name])
        check(f"csv, row {number}", [table[number][each] for each in ("dialogue", "speaker", "text", "emotion", "reason")],
              [row[each] or "" for each in ("dialogue", "speaker", "text", "emotion", "reason")])
        for emotion, value in row["probabilities"].items():
            for reader, found in (("pyarrow", arrow_rows[number]), ("duckdb", by_duckdb[number])):
                check(f"{reader}, row {number}, p:{emotion}", abs(found[f"p:{emotion}"] - value) < 1e-7, True)
            check(f"csv, row {number}, p:{emotion}", abs(float(table[number][f"p:{emotion}"]) - value) < 1e-6, True)
        scored = row["scored"].replace("Z", "+00:00")
        check(f"pyarrow, row {number}, scored", arrow_rows[number]["scored"].isoformat(timespec="milliseconds"), scored)
    counts = database.execute(f"SELECT emotion, count(*) FROM '{parquet}' GROUP BY 1").fetchall()
    check("duckdb: counts", dict(counts), dict(collections.Counter(row["emotion"] for row in expected)))
    # The recipes of docs/EXPORT.md.
    labels = pandas.read_parquet(parquet)
    groups = labels[labels.reason.isna()].groupby(["speaker", "emotion"]).size()
    check("pandas: labels", int(groups.sum()), sum(row["reason"] is None for row in expected))
    database.execute(f"COPY (FROM '{parquet}') TO '{folder / 'small.parquet'}' (COMPRESSION zstd)")
    check("duckdb: the compressed copy", pyarrow.parquet.read_table(folder / "small.parquet").to_pylist(), arrow_rows)
    sniffed = database.execute("SELECT count(*) FROM read_csv(?)", [str(folder / "labels.csv")]).fetchone()[0]
    check("duckdb: rows of the CSV", sniffed, len(expected))
    with open(folder / "safe.csv", encoding="utf-8", newline="") as file:
        cells = [cell for record in csv.reader(file) for cell in record]
    formulas = [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r") or cell[:1] == "-" and not number_like(cell)]
    check("csv --csv-safe: formulas", formulas, [])
    check("csv: there are formulas to be made safe", any(cell["text"].startswith("=") for cell in table), True)


def number_like(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


everything, timed = rows("labels.jsonl"), rows("timed.jsonl")
check("the sample has an utterance without a label", any(row["reason"] for each in everything.values() for row in each), True)
for what, test, dialogues in [
    ("Praat and textgrid", check_textgrid, timed),
    ("pympi-ling", check_elan, timed),
    ("webvtt-py", check_webvtt, timed),
    ("srt", check_srt, timed),
    ("pyannote.database", check_rttm, timed),
    ("lxml on EmotionML", check_emotionml, everything),
    ("label-studio-sdk", check_label_studio, everything),
    ("csv, DuckDB and Arrow", check_tables, everything),
]:
    before = len(failures)
    test(dialogues)
    print(f"{'passed' if len(failures) == before else 'FAILED'}: {what}, {sum(map(len, dialogues.values()))} utterances")
for failure in failures[:40]:
    print(failure, file=sys.stderr)
sys.exit(1 if failures else 0)
