"""Makes the files beside it. Needs Python 3 with numpy 2; run in this folder. Same files on every run."""

import io
import pickle
import struct
import sys
import types
import zipfile
from collections import OrderedDict

import numpy as np


def dump(name, value, protocol):
    with open(name, "wb") as file:
        file.write(pickle.dumps(value, protocol=protocol))


# Plain values and arrays in every protocol.

shared = [1, 2]
values = {
    "none": None,
    "truths": [True, False],
    "integers": [0, 255, 256, 65535, 65536, -1, -32769, 2**31, 2**40, -(2**63), 2**63 - 1],
    "reals": [0.0, 1.5, -2.25, 1e300, float("inf")],
    "texts": ["", "plain", "naïve ☃ 😀", "line\nbreak \\ 'quoted'", "x" * 300],
    "bytes": [b"", b"\x00\xff", bytes(range(256)) * 2],
    "bytearray": bytearray(b"\x01\x80"),
    "nested": ([], (), {}, (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [[[]]]),
    "set": {7},
    "frozenset": frozenset([("a", 1)]),
    "ordered": OrderedDict([("b", 1), ("a", 2)]),
    "keys": {1: "one", "two": 2, (3, "x"): None},
    "shared": [shared, shared],
}

arrays = {}
for name in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    arrays[name] = np.arange(6).reshape(2, 3).astype(name)
arrays["b1"] = np.array([True, False, True])
for name in ["f4", "f8", "i4"]:
    arrays[">" + name] = np.arange(6).reshape(2, 3).astype(">" + name)
arrays["fortran"] = np.asfortranarray(np.arange(24, dtype="f4").reshape(2, 3, 4))
arrays["single"] = np.array(2.5)
arrays["empty"] = np.zeros((0, 4), "f4")
arrays["texts"] = np.array(["M", "F", "naïve"])
arrays["bytetexts"] = np.array([b"Mm", b"F"])
objects = np.empty(2, dtype=object)
objects[:] = ["text", 3]
arrays["objects"] = objects
arrays["scalars"] = [np.float32(1.5), np.float64(-2.5), np.int64(7), np.bool_(True), np.str_("word")]
arrays["type"] = np.dtype("f4")

for protocol in range(6):
    dump(f"values.p{protocol}.pkl", values, protocol)
    dump(f"arrays.p{protocol}.pkl", arrays, protocol)


# Python 2 pickles, protocol 2: byte strings where Python 3 has text and bytes. Written by hand, as no Python 2 is left.


class Old:
    """Emits the opcodes that Python 2's cPickle emits, memo left out where nothing is shared."""

    def __init__(self):
        self.out = io.BytesIO()
        self.out.write(b"\x80\x02")

    def string(self, value):
        raw = value if isinstance(value, bytes) else value.encode("latin-1")
        if len(raw) < 256:
            self.out.write(b"U" + bytes([len(raw)]) + raw)
        else:
            self.out.write(b"T" + struct.pack("<i", len(raw)) + raw)

    def integer(self, value):
        if 0 <= value < 256:
            self.out.write(b"K" + bytes([value]))
        else:
            self.out.write(b"J" + struct.pack("<i", value))

    def array(self, value):
        self.out.write(b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R")
        self.out.write(b"(K\x01")
        for extent in value.shape:
            self.integer(extent)
        self.out.write({1: b"\x85", 2: b"\x86"}[value.ndim])
        self.out.write(b"cnumpy\ndtype\n")
        self.string(value.dtype.str[1:])
        self.out.write(b"K\x00K\x01\x87R(K\x03")
        self.string("<")
        self.out.write(b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb")
        self.out.write(b"\x89")
        self.string(value.tobytes())
        self.out.write(b"tb")

    def value(self, value):
        if isinstance(value, str):
            self.string(value)
        elif isinstance(value, (int, np.integer)):
            self.integer(int(value))
        elif isinstance(value, np.ndarray):
            self.array(value)
        elif isinstance(value, list):
            self.out.write(b"](")
            for item in value:
                self.value(item)
            self.out.write(b"e")
        elif isinstance(value, tuple):
            self.out.write(b"(")
            for item in value:
                self.value(item)
            self.out.write(b"t")
        elif isinstance(value, dict):
            self.out.write(b"}(")
            for key, item in value.items():
                self.value(key)
                self.value(item)
            self.out.write(b"u")
        elif isinstance(value, set):
            self.out.write(b"c__builtin__\nset\n](")
            for item in sorted(value):
                self.value(item)
            self.out.write(b"e\x85R")
        else:
            raise TypeError(type(value))

    def save(self, name, value):
        self.value(value)
        self.out.write(b".")
        with open(name, "wb") as file:
            file.write(self.out.getvalue())


# The four layouts of feature pickles, three dialogues each, narrow vectors. The value at (dialogue d, utterance u,
# column c) is offset + d + u / 10 + c / 100, offset 0 for text, 10 for audio, 20 for visual.


def vectors(lengths, offset, width, kind="f4"):
    return {
        key: [np.array([offset + d + u / 10 + c / 100 for c in range(width)], kind) for u in range(length)]
        for d, (key, length) in enumerate(lengths.items())
    }


iemocap = {"Ses01F_impro01": 3, "Ses01M_script02": 1, "Ses05F_impro03": 2}
ids = {key: [f"{key}_{u:03d}" for u in range(length)] for key, length in iemocap.items()}
letters = {key: ["MF"[u % 2] for u in range(length)] for key, length in iemocap.items()}
labels = {key: [(d + u) % 6 for u in range(length)] for d, (key, length) in enumerate(iemocap.items())}
sentences = {key: ["caf\xe9 \x92 said"] * length for key, length in iemocap.items()}
train, test = ["Ses01F_impro01", "Ses01M_script02"], ["Ses05F_impro03"]
text, audio, visual = vectors(iemocap, 0, 4), vectors(iemocap, 10, 3), vectors(iemocap, 20, 2)
other = vectors(iemocap, 50, 4)
Old().save(
    "iemocap_multimodal.pkl",
    (ids, letters, labels, text, other, other, other, audio, visual, sentences, train, test),
)
Old().save(
    "iemocap_old.pkl",
    (ids, letters, labels, vectors(iemocap, 0, 4, "f8"), audio, visual, sentences, set(train), set(test)),
)

meld = {0: 2, 1: 1, 1039: 3}
ids = {key: list(range(length)) for key, length in meld.items()}
rows = {key: [[int(c == (d + u) % 9) for c in range(9)] for u in range(length)] for d, (key, length) in enumerate(meld.items())}
labels = {key: [(d + u) % 7 for u in range(length)] for d, (key, length) in enumerate(meld.items())}
sentences = {key: ["so…"] * length for key, length in meld.items()}
sentiment = {key: [0] * length for key, length in meld.items()}
text, audio, visual = ({k: np.stack(v) for k, v in vectors(meld, o, w).items()} for o, w in ((0, 4), (10, 3), (20, 2)))
visual[0][1, 1] = np.nan
other = {key: value + 50 for key, value in text.items()}
dump(
    "meld_multimodal.pkl",
    (ids, {k: np.array(v) for k, v in rows.items()}, {k: np.array(v) for k, v in labels.items()}, text, other, other, other, audio, visual, sentences, [0, 1], [1039], sentiment),
    4,
)
dump("meld_raw.pkl", (ids, rows, labels, text, audio, visual, sentences, [0, 1], [1039], sentiment), 2)


# numpy files.

for version in (1, 2, 3):
    with open(f"matrix.v{version}.npy", "wb") as file:
        np.lib.format.write_array(file, np.arange(6, dtype="f4").reshape(2, 3), version=(version, 0))
np.save("fortran.npy", np.asfortranarray(np.arange(6, dtype=">f8").reshape(2, 3)))
np.savez("stored.npz", text=np.ones((2, 3), "f4"), audio=np.arange(4, dtype="i2").reshape(2, 2))
np.savez_compressed("deflated.npz", text=np.zeros((50, 40), "f4"), audio=np.arange(4, dtype="f2").reshape(2, 2))

zipfile.ZIP64_LIMIT = 0
zipfile.ZIP_FILECOUNT_LIMIT = 0
np.savez("wide.npz", text=np.ones((1, 2), "f4"))
zipfile.ZIP64_LIMIT = 2**31 - 1
zipfile.ZIP_FILECOUNT_LIMIT = 65535


# PyTorch archives, written by stand-ins for its classes in the layout of torch.save.

torch = types.ModuleType("torch")
utilities = types.ModuleType("torch._utils")
sys.modules["torch"] = torch
sys.modules["torch._utils"] = utilities


def function(name):
    def stand_in(*arguments):
        raise NotImplementedError

    stand_in.__module__, stand_in.__name__, stand_in.__qualname__ = "torch._utils", name, name
    setattr(utilities, name, stand_in)
    return stand_in


for name in ["FloatStorage", "HalfStorage", "BFloat16Storage", "DoubleStorage", "LongStorage"]:
    setattr(torch, name, type(name, (), {"__module__": "torch"}))
rebuild_tensor, rebuild_parameter = function("_rebuild_tensor_v2"), function("_rebuild_parameter")


class Storage:
    def __init__(self, key, kind, raw, count):
        self.key, self.kind, self.raw, self.count = key, kind, raw, count


class Tensor:
    def __init__(self, storage, offset, shape, strides):
        self.parts = (storage, offset, shape, strides, False, OrderedDict())

    def __reduce__(self):
        return rebuild_tensor, self.parts


class Parameter:
    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce__(self):
        return rebuild_parameter, (self.tensor, True, OrderedDict())


class Archive(pickle.Pickler):
    def persistent_id(self, value):
        if isinstance(value, Storage):
            return ("storage", getattr(torch, value.kind), value.key, "cpu", value.count)
        return None


def save(name, value, storages, prefix="archive"):
    out = io.BytesIO()
    Archive(out, protocol=2).dump(value)
    with zipfile.ZipFile(name, "w", zipfile.ZIP_STORED) as file:

        def add(path, content):
            file.writestr(zipfile.ZipInfo(f"{prefix}/{path}", (1980, 1, 1, 0, 0, 0)), content)

        add("data.pkl", out.getvalue())
        add("byteorder", "little")
        for storage in storages:
            add(f"data/{storage.key}", storage.raw)
        add("version", "3\n")


single = Storage("0", "FloatStorage", np.arange(6, dtype="<f4").tobytes(), 6)
half = Storage("1", "HalfStorage", np.array([0.5, -1.5], "<f2").tobytes(), 2)
brain = Storage("2", "BFloat16Storage", (np.array([1.0, -3.0], "<f4").view("<u4") >> 16).astype("<u2").tobytes(), 2)
double = Storage("3", "DoubleStorage", np.array([0.25], "<f8").tobytes(), 1)
long = Storage("4", "LongStorage", np.array([42], "<i8").tobytes(), 1)
storages = [single, half, brain, double, long]


class StateDictionary(OrderedDict):
    def __reduce__(self):
        return OrderedDict, (), {"_metadata": OrderedDict([("", {"version": 1})])}, None, iter(self.items())


state = StateDictionary(
    [
        ("linear.weight", Parameter(Tensor(single, 0, (2, 3), (3, 1)))),
        ("linear.transposed", Tensor(single, 0, (3, 2), (1, 3))),
        ("linear.last", Tensor(single, 4, (2,), (1,))),
        ("half", Tensor(half, 0, (2,), (1,))),
        ("brain", Tensor(brain, 0, (2,), (1,))),
        ("double", Tensor(double, 0, (), ())),
        ("steps", Tensor(long, 0, (1,), (1,))),
        ("empty", Tensor(single, 0, (0, 3), (3, 1))),
    ]
)
save("state.pt", state, storages)
save("checkpoint.pt", {"epoch": 3, "model": state, "optimizer": {"state": {}}}, storages, prefix="run7")
