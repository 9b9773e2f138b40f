"""An epoch of training: ours beside PyTorch, the same dialogues, recipe and number of optimiser steps."""

import tempfile

import torch

from dialogues import Dialogues
from network import Network, loss
from timing import clocked, in_turn, table

# Dropout, dropout in the graphs, dialogues a batch, learning rate, L2: the published recipes.
RECIPES = {"iemocap": (0.5, 0.2, 16, 6.8e-5, 5e-5), "meld": (0.11, 0.2, 64, 5e-5, 7.5e-5)}


def measure(ours, preset, rounds, threads, autocast=(False, True)):
    with tempfile.TemporaryDirectory() as folder:
        ours.run("bench", "training", "--preset", preset, "--epochs", "1", "--save", folder)
        data = Dialogues(folder)
        dropout, graph_dropout, size, rate, l2 = RECIPES[preset]
        ways = [("ambq", lambda: one_epoch(ours, preset, threads))]
        for reduced in autocast:
            network = Network(data.configuration, dropout, graph_dropout, longest=data.longest).train()
            optimiser = torch.optim.Adam(network.parameters(), lr=rate, weight_decay=l2)
            name = f"PyTorch, {'bf16 autocast' if reduced else 'eager'}, batch {size}"
            ways.append((name, lambda n=network, o=optimiser, r=reduced: clocked(lambda: epoch(n, o, data, size, r))))
        title = f"An epoch of training, {preset}: {len(data.dialogues)} dialogues, {data.utterances} utterances"
        table(title, in_turn(ways, rounds), "ambq", data.utterances, "utterances")


def epoch(network, optimiser, data, size, reduced):
    for inputs, labels in data.batches(size, torch.randperm(len(data.dialogues)).tolist()):
        optimiser.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=reduced):
            value = loss(network(*inputs).float(), labels, inputs[4])
        value.backward()
        optimiser.step()


def one_epoch(ours, preset, threads):
    arguments = ("training", "--preset", preset, "--epochs", "1", "--threads", str(threads))
    return ours.figures(*arguments)["epoch"][0]
