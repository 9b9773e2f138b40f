"""ambq beside its peers: run by `make bench-peers`."""

import argparse
import os
import platform

import onnxruntime
import torch

import encode
import score
import train
from ours import Ours

PARTS = ("scoring", "training", "encoder")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("built", help="the folder of ambtrain")
    options.add_argument("--encoder", help="the folder of the text encoder")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--threads", type=int, default=os.cpu_count())
    options.add_argument("--part", action="append", choices=PARTS)
    given = options.parse_args()
    parts = given.part or PARTS
    torch.set_num_threads(given.threads)
    torch.manual_seed(1)
    ours = Ours(given.built)
    print(
        f"{processor()}, {given.threads} threads; PyTorch {torch.__version__} ({torch.backends.cpu.get_cpu_capability()}), "
        f"ONNX Runtime {onnxruntime.__version__}; medians of {given.rounds} rounds in turn"
    )
    if "scoring" in parts:
        shapes = [("IEMOCAP's size", []), ("MELD's size", ["--preset", "meld"]), ("One dialogue", ["--single", "50"])]
        for title, arguments in shapes:
            sizes = (1,) if "--single" in arguments else (1, 16)
            score.measure(ours, arguments, title, given.rounds, given.threads, sizes)
    if "training" in parts:
        train.measure(ours, "iemocap", max(1, given.rounds // 2), given.threads)
    if "encoder" in parts and given.encoder:
        encode.measure(ours, given.encoder, given.rounds, given.threads)


def processor():
    with open("/proc/cpuinfo") as lines:
        return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())


if __name__ == "__main__":
    main()
