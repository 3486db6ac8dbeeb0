"""neural.json: loss and every gradient of a tiny transformer and a tiny recurrent network, by PyTorch."""

import numpy as np
import torch
from torch.nn import functional

from .common import agree, generator, rounded

ABOUT = {
    "weights": "matrices are (in x out): y = x W + b; tokens has one row more than there are types, for BOS",
    "transformer": "pre-norm, learned places, GELU in its tanh form, layer norm with epsilon 1e-5 and divisor n",
    "recurrent": "gates in the order r, z, n; torch.nn.GRU, whose matrices are transposed",
    "loss": "mean of -ln p over all tokens, nats; torch cross_entropy in float64",
    "gradients": "of that mean, by torch's autograd",
}
TYPES, LENGTH, WIDTH, HEADS = 5, 6, 8, 2
SEQUENCES = [[0, 3, 3, 1, 4, 2], [2, 2, 0, 1, 3, 4], [4, 0, 0, 2, 1, 1]]


def numbers(name, *shape, centre=0.0):
    return rounded(centre + 0.4 * generator(name).normal(size=shape))


def leaves(arrays):
    return {name: torch.tensor(array, requires_grad=True) for name, array in arrays.items()}


def inputs_and_targets():
    targets = torch.tensor(SEQUENCES)
    return torch.cat([torch.full((len(SEQUENCES), 1), TYPES), targets[:, :-1]], dim=1), targets


def result(name, arrays, logits):
    """The case of one network, whose logits are a function of its named weights and the inputs."""
    weights = leaves(arrays)
    inputs, targets = inputs_and_targets()
    out = logits(weights, inputs)
    loss = functional.cross_entropy(out.flatten(0, 1), targets.flatten())
    by_hand = -torch.log_softmax(out, -1).gather(-1, targets[..., None]).mean()
    agree(by_hand.item(), loss.item(), what="cross-entropy")
    loss.backward()
    flat = lambda array: {"shape": list(array.shape), "data": np.asarray(array).ravel()}
    return {
        "name": name,
        "loss": loss.item(),
        "weights": {key: flat(array) for key, array in arrays.items()},
        "gradients": {key: flat(weight.grad.numpy()) for key, weight in weights.items()},
    }


def transformer_weights(layers):
    c = WIDTH
    arrays = {
        "tokens": numbers("tokens", TYPES + 1, c),
        "places": numbers("places", LENGTH, c),
        "norm.scale": numbers("norm.scale", c, centre=1.0),
        "norm.shift": numbers("norm.shift", c),
        "head.weight": numbers("head.weight", c, TYPES),
    }
    for layer in range(layers):
        affine = {"attention.in": (c, 3 * c), "attention.out": (c, c), "feed.in": (c, 4 * c), "feed.out": (4 * c, c)}
        for part, shape in affine.items():
            key = f"layer.{layer:03}.{part}"
            arrays[f"{key}.weight"] = numbers(f"{key}.weight", *shape)
            arrays[f"{key}.bias"] = numbers(f"{key}.bias", shape[1])
        for part in ("attention.norm", "feed.norm"):
            key = f"layer.{layer:03}.{part}"
            arrays[f"{key}.scale"] = numbers(f"{key}.scale", c, centre=1.0)
            arrays[f"{key}.shift"] = numbers(f"{key}.shift", c)
    return arrays


def transformer(w, inputs):
    batch, length = inputs.shape
    layers = sum(key.endswith("attention.in.bias") for key in w)
    norm = lambda x, key: functional.layer_norm(x, (WIDTH,), w[f"{key}.scale"], w[f"{key}.shift"])
    affine = lambda x, key: x @ w[f"{key}.weight"] + w[f"{key}.bias"]
    heads = lambda x: x.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)
    x = w["tokens"][inputs] + w["places"]
    for layer in range(layers):
        key = f"layer.{layer:03}"
        q, k, v = map(heads, affine(norm(x, f"{key}.attention.norm"), f"{key}.attention.in").chunk(3, -1))
        seen = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + affine(seen.transpose(1, 2).reshape(batch, length, WIDTH), f"{key}.attention.out")
        hidden = functional.gelu(affine(norm(x, f"{key}.feed.norm"), f"{key}.feed.in"), approximate="tanh")
        x = x + affine(hidden, f"{key}.feed.out")
    return norm(x, "norm") @ w["head.weight"]


def recurrent_weights():
    h, d = WIDTH, 4
    return {
        "tokens": numbers("gru tokens", TYPES + 1, d),
        "layer.000.in.weight": numbers("gru in", d, 3 * h),
        "layer.000.in.bias": numbers("gru in bias", 3 * h),
        "layer.000.state.weight": numbers("gru state", h, 3 * h),
        "layer.000.state.bias": numbers("gru state bias", 3 * h),
        "head.weight": numbers("gru head", h, TYPES),
        "head.bias": numbers("gru head bias", TYPES),
    }


def recurrent(w, inputs):
    unit = torch.nn.GRU(4, WIDTH, batch_first=True, dtype=torch.float64)
    names = {"weight_ih_l0": "in.weight", "weight_hh_l0": "state.weight", "bias_ih_l0": "in.bias", "bias_hh_l0": "state.bias"}
    own = {theirs: w[f"layer.000.{ours}"].T if "weight" in ours else w[f"layer.000.{ours}"] for theirs, ours in names.items()}
    states, _ = torch.func.functional_call(unit, own, (w["tokens"][inputs],))
    return states @ w["head.weight"] + w["head.bias"]


def golden():
    cases = [
        result("transformer", transformer_weights(2), transformer),
        result("recurrent", recurrent_weights(), recurrent),
    ]
    return {"about": ABOUT, "types": TYPES, "sequences": SEQUENCES, "cases": cases}
