"""Dialogues that `ambtrain bench … --save` wrote, as padded batches."""

import json
from pathlib import Path

import h5py
import numpy
import torch

MODALITIES = ("text", "visual", "audio")


class Dialogues:
    """A bundle's dialogues and the configuration of the network that they are for."""

    def __init__(self, folder):
        folder = Path(folder)
        self.configuration = json.loads((folder / "model" / "config.json").read_text())
        with h5py.File(folder / "dialogues.h5") as file:
            offsets = file["dialogue/offset"][:]
            features = {m: torch.from_numpy(file[m][:].astype(numpy.float32)) for m in MODALITIES if m in file}
            speakers = file["speaker"].asstr()[:]
            labels = torch.from_numpy(file["label"][:].astype(numpy.int64))
        self.dialogues = [
            {
                **{m: values[start:end] for m, values in features.items()},
                "speakers": torch.tensor(self.slots(speakers[start:end])),
                "labels": labels[start:end],
            }
            for start, end in zip(offsets[:-1], offsets[1:])
        ]

    @property
    def utterances(self):
        return sum(len(dialogue["labels"]) for dialogue in self.dialogues)

    @property
    def longest(self):
        return max(len(dialogue["labels"]) for dialogue in self.dialogues)

    def slots(self, names):
        """A speaker's slot by name where the model fixes it; else the k-th new one of a dialogue has slot k, as far as there are."""
        fixed = self.configuration.get("speaker_slots") or {}
        known = {}
        last = self.configuration["speakers"] - 1
        return [fixed[name] if name in fixed else known.setdefault(name, min(len(known), last)) for name in names]

    def batches(self, size, order=None):
        """Padded batches of `size` dialogues, in the data's order or the given one."""
        order = list(range(len(self.dialogues))) if order is None else order
        return [self.padded([self.dialogues[i] for i in order[first : first + size]]) for first in range(0, len(order), size)]

    def padded(self, dialogues):
        def stack(name, filler=0):
            rows = [dialogue[name] for dialogue in dialogues]
            return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=filler)

        lengths = torch.tensor([len(dialogue["labels"]) for dialogue in dialogues])
        valid = torch.arange(int(lengths.max()))[None] < lengths[:, None]
        inputs = tuple(stack(m) for m in MODALITIES) + (stack("speakers", self.configuration["speakers"]), valid)
        return inputs, stack("labels", -1)
