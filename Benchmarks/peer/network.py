"""AMB-DSGDN in PyTorch as people write it: padded batches, dense graphs.

Written from the paper; names of parameters are those of a published state_dict, so that a model's `model.safetensors` loads as it is.
Equation numbers are the paper's. Where the published code differs from the print, the code is followed, as `docs/ARCHITECTURE.md` says.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

MODALITIES = {"text": "t", "visual": "v", "audio": "a"}
PROJECTIONS = {"text": "textf_input", "visual": "visuf_input", "audio": "acouf_input"}


class SelfAttention(nn.Module):
    """Multi-head attention over a dialogue (Eqns 3, 4)."""

    def __init__(self, hidden, heads, dropout):
        super().__init__()
        self.heads = heads
        self.linear_k = nn.Linear(hidden, hidden)
        self.linear_v = nn.Linear(hidden, hidden)
        self.linear_q = nn.Linear(hidden, hidden)
        self.linear = nn.Linear(hidden, hidden)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, valid):
        batch, length, hidden = x.shape

        def split(y):
            return y.view(batch, length, self.heads, -1).transpose(1, 2)

        q, k, v = split(self.linear_q(x)), split(self.linear_k(x)), split(self.linear_v(x))
        scores = q @ k.transpose(2, 3) / math.sqrt(hidden // self.heads)
        scores = scores.masked_fill(~valid[:, None, None, :], float("-inf"))
        mixed = self.dropout(scores.softmax(-1)) @ v
        return self.linear(mixed.transpose(1, 2).reshape(batch, length, hidden))


class FeedForward(nn.Module):
    """The second half of an encoder layer, with its residual (Eqns 5, 6)."""

    def __init__(self, hidden, dropout):
        super().__init__()
        self.w_1 = nn.Linear(hidden, hidden)
        self.w_2 = nn.Linear(hidden, hidden)
        self.layer_norm = nn.LayerNorm(hidden, eps=1e-6)
        self.dropout = nn.Dropout(dropout)

    def forward(self, y):
        inner = self.dropout(F.gelu(self.w_1(self.layer_norm(y)), approximate="tanh"))
        return y + self.dropout(self.w_2(inner))


class EncoderLayer(nn.Module):
    """The first layer does not normalise before its attention; its `layer_norm` is stored, and unused."""

    def __init__(self, hidden, heads, dropout):
        super().__init__()
        self.self_attn = SelfAttention(hidden, heads, dropout)
        self.feed_forward = FeedForward(hidden, dropout)
        self.layer_norm = nn.LayerNorm(hidden, eps=1e-6)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, valid):
        return self.feed_forward(x + self.dropout(self.self_attn(x, valid)))


class Encoder(nn.Module):
    """The speaker- and position-aware encoder of audio and visual (Eqns 2 to 6)."""

    def __init__(self, hidden, heads, dropout):
        super().__init__()
        self.transformer_inter = nn.ModuleList([EncoderLayer(hidden, heads, dropout)])
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, speaker, positions, valid):
        x = self.dropout(x + positions[None, : x.shape[1]] + speaker)
        for layer in self.transformer_inter:
            x = layer(x, valid)
        return x


class GraphAttention(nn.Module):
    """Differential graph attention (Eqns 9 to 17): two softmaxes over a node's edges, subtracted."""

    DEPTH_INITIAL = 0.8 - 0.6 * math.exp(-0.3)

    def __init__(self, inner, hidden, dropout):
        super().__init__()
        half = hidden // 2
        self.W = nn.Parameter(nn.init.xavier_uniform_(torch.empty(inner, hidden), gain=1.414))
        for name in ("lambda_left1", "lambda_right1", "lambda_left2", "lambda_right2"):
            setattr(self, name, nn.Parameter(torch.randn(half) * 0.1))
        self.a_left_pos = nn.Linear(half, 1, bias=False)
        self.a_right_pos = nn.Linear(half, 1, bias=False)
        self.a_left_neg = nn.Linear(half, 1, bias=False)
        self.a_right_neg = nn.Linear(half, 1, bias=False)
        self.relation_embedding = nn.Embedding(6, 10)
        self.a_rel_pos = nn.Linear(10, 1, bias=False)
        self.a_rel_neg = nn.Linear(10, 1, bias=False)
        self.layer_norm = nn.LayerNorm(hidden)
        self.dropout = nn.Dropout(dropout)

    def scores(self, x, relations, left, right, relation):
        kinds = relation(self.relation_embedding.weight).squeeze(-1)
        energy = left(x) + right(x).transpose(1, 2) + kinds[relations]
        return F.leaky_relu(energy, 0.2).masked_fill(relations == 0, float("-inf")).softmax(-1)

    def forward(self, x, relations):
        values = x @ self.W
        positive, negative = values.chunk(2, dim=-1)
        share = (
            torch.exp((self.lambda_left1 * self.lambda_right1).sum())
            - torch.exp((self.lambda_left2 * self.lambda_right2).sum())
            + self.DEPTH_INITIAL
        )
        listening = self.scores(positive, relations, self.a_left_pos, self.a_right_pos, self.a_rel_pos)
        noise = self.scores(negative, relations, self.a_left_neg, self.a_right_neg, self.a_rel_neg)
        mixed = self.dropout(listening - share * noise) @ values
        return F.gelu((1 - self.DEPTH_INITIAL) * self.layer_norm(mixed))


class DiffRGCN(nn.Module):
    """A differential relational graph layer with its residual (Eqn 18)."""

    def __init__(self, hidden, dropout):
        super().__init__()
        self.attention_0 = GraphAttention(hidden, hidden, dropout)
        self.attention_1 = GraphAttention(hidden, hidden, dropout)
        self.out_att = GraphAttention(2 * hidden, hidden, dropout)
        self.fc = nn.Linear(hidden, hidden)
        self.layer_norm = nn.LayerNorm(hidden)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, relations):
        start = self.dropout(x)
        both = torch.cat([self.attention_0(start, relations), self.attention_1(start, relations)], dim=-1)
        mixed = F.gelu(self.out_att(self.dropout(both), relations))
        return self.layer_norm(self.fc(mixed) + x)


class Gate(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.gate = nn.ModuleList([nn.Linear(hidden, hidden)])

    def forward(self, x):
        return torch.sigmoid(self.gate[0](x)) * x


class Network(nn.Module):
    """Three branches whose logits are added (Eqns 1, 28, 29)."""

    def __init__(self, configuration, dropout=0.0, graph_dropout=0.0, longest=512):
        super().__init__()
        hidden, heads = configuration["hidden"], configuration["encoder_heads"]
        classes = len(configuration["emotions"])
        self.window = configuration["window"]
        self.modalities = [m for m in MODALITIES if m in configuration["modalities"]]
        self.padding = configuration["speakers"]
        self.speaker_embeddings = nn.Embedding(self.padding + 1, hidden, padding_idx=self.padding)
        for modality in self.modalities:
            short = MODALITIES[modality]
            setattr(self, PROJECTIONS[modality], nn.Linear(configuration["modalities"][modality]["width"], hidden))
            if modality != "text":
                setattr(self, f"{short}_{short}", Encoder(hidden, heads, dropout))
                setattr(self, f"{short}gate", Gate(hidden))
            setattr(self, f"gat{short.upper()}er", DiffRGCN(hidden, graph_dropout))
            setattr(self, f"gat{short.upper()}", DiffRGCN(hidden, graph_dropout))
            head = nn.Sequential(nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, classes))
            setattr(self, f"{short}_output_layer", head)
        angles = torch.arange(longest)[:, None] * torch.exp(
            torch.arange(0, hidden, 2) * (-math.log(10000.0) / hidden)
        )
        table = torch.stack([angles.sin(), angles.cos()], dim=-1).view(longest, hidden)
        self.register_buffer("positions", table, persistent=False)

    def relations(self, speakers, valid):
        """Kinds of edges between all pairs of utterances, 0 for none (Eqns 7, 8): inter-speaker, intra-speaker."""
        place = torch.arange(speakers.shape[1])
        distance = place[None, :] - place[:, None]
        same = speakers[:, :, None] == speakers[:, None, :]
        near = (distance.abs() <= self.window)[None] & valid[:, None, :] & valid[:, :, None]
        itself = (distance == 0)[None]
        later = (distance > 0)[None]
        zero = torch.zeros((), dtype=torch.long)
        inter = torch.where(near & ~same, torch.where(later, 4, 5), zero)
        intra = torch.where(near & same, torch.where(later, 3, 2), zero)
        return torch.where(itself, 1, inter), torch.where(itself, 1, intra)

    def forward(self, text, visual, audio, speakers, valid):
        """Features [B, N, D], speaker slots [B, N], which rows are utterances [B, N]: each branch's logits [B, N, C]."""
        features = {"text": text, "visual": visual, "audio": audio}
        inter, intra = self.relations(speakers, valid)
        embedded = self.speaker_embeddings(speakers)
        logits = []
        for modality in self.modalities:
            short = MODALITIES[modality]
            x = getattr(self, PROJECTIONS[modality])(features[modality])
            if modality != "text":
                x = getattr(self, f"{short}_{short}")(x, embedded, self.positions, valid)
            x = getattr(self, f"gat{short.upper()}er")(x, inter)
            x = getattr(self, f"gat{short.upper()}")(x, intra)
            if modality != "text":
                x = getattr(self, f"{short}gate")(x)
            logits.append(getattr(self, f"{short}_output_layer")(x))
        return torch.stack(logits)


def loss(logits, labels, valid, weights=None):
    """Fused loss and each branch's, whose weight is a tenth of itself (Eqns 31 to 33)."""
    total = F.cross_entropy(logits.sum(0)[valid], labels[valid], weight=weights)
    for branch in logits:
        own = F.cross_entropy(branch[valid], labels[valid], weight=weights)
        total = total + own * own / 10
    return total
