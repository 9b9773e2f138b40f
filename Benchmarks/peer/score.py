"""Scoring: ours beside PyTorch and ONNX Runtime on one network and the same dialogues. Outputs are compared before any time counts."""

import tempfile

import numpy
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file

from dialogues import Dialogues
from network import Network
from timing import clocked, in_turn, table

NAMES = ["text", "visual", "audio", "speakers", "valid"]


def fused(run, batches):
    """Logits [U, C] of all utterances, without the padding."""
    return numpy.concatenate([numpy.asarray(run(inputs))[inputs[4].numpy()] for inputs, _ in batches])


def network_of(folder, data):
    network = Network(data.configuration, longest=data.longest).eval()
    left = network.load_state_dict(load_file(f"{folder}/model/model.safetensors"), strict=False)
    assert not left.unexpected_keys and not left.missing_keys, left
    return network


def pytorch(network, autocast=False):
    def run(inputs):
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            return network(*inputs).float().sum(0)

    return run


def exported(network, data, folder):
    """The network in ONNX with free sizes of batch and dialogue, and its 8-bit form."""
    # Long ones: the export takes a size of 1 for a constant.
    inputs, _ = data.padded(sorted(data.dialogues, key=lambda dialogue: len(dialogue["labels"]))[-3:])
    batch, length = torch.export.Dim("batch", min=1), torch.export.Dim("length", min=2, max=data.longest)
    plain, small = f"{folder}/network.onnx", f"{folder}/network-int8.onnx"
    torch.onnx.export(
        network, inputs, plain, input_names=NAMES, output_names=["logits"], dynamo=True, verbose=False,
        dynamic_shapes=[{0: batch, 1: length}] * len(NAMES), external_data=False,
    )
    quantize_dynamic(plain, small, weight_type=QuantType.QInt8)
    return plain, small


def onnx(file, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    wanted = [entry.name for entry in session.get_inputs()]

    def run(inputs):
        fed = dict(zip(NAMES, (tensor.numpy() for tensor in inputs)))
        return session.run(None, {name: fed[name] for name in wanted})[0].sum(0)

    return run


def measure(ours, arguments, title, rounds, threads, sizes):
    with tempfile.TemporaryDirectory() as folder:
        ours.run("bench", "scoring", *arguments, "--repetitions", "1", "--save", folder)
        expected = ours.logits(folder)
        data = Dialogues(folder)
        network = network_of(folder, data)
        plain, small = exported(network, data, folder)
        compiled = torch.compile(network, dynamic=True)
        ways = [("PyTorch, eager", pytorch(network), size) for size in sizes]
        ways += [("PyTorch, torch.compile", pytorch(compiled), sizes[-1])]
        ways += [("PyTorch, bf16 autocast", pytorch(network, True), size) for size in sizes]
        ways += [("ONNX Runtime, fp32", onnx(plain, threads), size) for size in sizes]
        ways += [("ONNX Runtime, int8", onnx(small, threads), size) for size in sizes]

        print(f"\n{title}: {len(data.dialogues)} dialogues, {data.utterances} utterances; outputs beside ours\n")
        timed = [("ambq", lambda: one_pass(ours, arguments, threads))]
        for precision in ours.reduced():
            timed.append((f"ambq, {precision}", lambda p=precision: one_pass(ours, arguments, threads, p)))
        for name, run, size in ways:
            batches = data.batches(size)
            got = fused(run, batches)
            difference = numpy.abs(got - expected).max()
            equal = (got.argmax(1) == expected.argmax(1)).mean()
            print(f"{name}, batch {size}: largest difference of a logit {difference:.1e}, labels equal {100 * equal:.2f} %")
            if "bf16" not in name and "int8" not in name:
                assert difference < 1e-3 * max(1, numpy.abs(expected).max()), "these are not the same network"
            timed.append((f"{name}, batch {size}", lambda run=run, batches=batches: clocked(lambda: [run(b) for b, _ in batches])))
        table(title, in_turn(timed, rounds), "ambq", data.utterances, "utterances")


def one_pass(ours, arguments, threads, precision=None):
    """The seconds of one counted pass of ours, after one that warms up, in a process of its own."""
    reduced = ("--precision", precision) if precision else ()
    figures = ours.figures("scoring", *arguments, "--repetitions", "1", "--threads", str(threads), *reduced)
    return figures[f"scoring in {precision}" if precision else "scoring"][0]
