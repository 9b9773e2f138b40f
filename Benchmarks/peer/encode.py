"""The text encoder: ours beside sentence-transformers, the same weights and texts of the same length."""

import json

import numpy
from sentence_transformers import SentenceTransformer

from timing import clocked, in_turn, table

WORDS = "well i never thought that we would say it so plainly to her face".split()


def measure(ours, encoder, rounds, threads, utterances=900, tokens=15):
    peer = SentenceTransformer(encoder, device="cpu")
    # As many word pieces as asked for, with the marks at the beginning and the end: each of these words is one piece.
    texts = [" ".join(WORDS[(row + place) % len(WORDS)] for place in range(tokens - 2)) for row in range(utterances)]
    assert all(len(peer.tokenizer(text)["input_ids"]) == tokens for text in texts[:20])
    agree(ours, peer, texts[:60])
    ways = [("ambq", lambda: ours.figures("encoder", "--repetitions", "1", "--threads", str(threads))["encoding"][0])]
    if "bf16" in ours.reduced():
        arguments = ("encoder", "--repetitions", "1", "--threads", str(threads), "--precision", "bf16")
        ways.append(("ambq, bf16", lambda: ours.figures(*arguments)["encoding in bf16"][0]))
    for size in (32, 128):
        ways.append((f"sentence-transformers, batch {size}", lambda s=size: clocked(lambda: peer.encode(texts, batch_size=s))))
    title = f"The text encoder: {utterances} utterances of {tokens} tokens"
    table(title, in_turn(ways, rounds), "ambq", utterances, "utterances")


def agree(ours, peer, texts):
    lines = ours.run("encode", stdin="".join(json.dumps(text) + "\n" for text in texts)).splitlines()
    own = numpy.array([json.loads(line)["embedding"] for line in lines])
    cosine = (own * peer.encode(texts, normalize_embeddings=True)).sum(1).min()
    print(f"\nThe text encoder: least cosine of ours and the peer's vectors {cosine:.6f}")
    assert cosine > 0.9999, "these are not the same encoder"
