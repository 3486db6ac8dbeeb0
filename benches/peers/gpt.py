"""A small GPT in PyTorch, as one writes it today: the peer of the family `transformer`."""

import torch
from torch import nn
from torch.nn import functional

SHAPES = {"small": {"layers": 2, "width": 64, "types": 96}, "large": {"layers": 4, "width": 128, "types": 65}}
HEADS, LENGTH, BATCH, DRAWS = 4, 64, 16, 64


class Layer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm_in, self.norm_feed = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, kept=None):
        batch, length, width = x.shape
        heads = lambda part: part.view(batch, length, HEADS, width // HEADS).transpose(1, 2)
        q, k, v = map(heads, self.qkv(self.norm_in(x)).chunk(3, dim=-1))
        if kept is not None:
            place = kept[2]
            kept[0][:, :, place : place + length], kept[1][:, :, place : place + length] = k, v
            kept[2] = place + length
            k, v = kept[0][:, :, : kept[2]], kept[1][:, :, : kept[2]]
        seen = functional.scaled_dot_product_attention(q, k, v, is_causal=kept is None)
        x = x + self.out(seen.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(functional.gelu(self.up(self.norm_feed(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self, layers, width, types):
        super().__init__()
        self.types, self.width = types, width
        self.tokens, self.places = nn.Embedding(types + 1, width), nn.Embedding(LENGTH, width)
        self.layers = nn.ModuleList(Layer(width) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, ids, place=0, kept=None):
        x = self.tokens(ids) + self.places(torch.arange(place, place + ids.shape[1]))
        for i, layer in enumerate(self.layers):
            x = layer(x, None if kept is None else kept[i])
        return functional.linear(self.norm(x), self.tokens.weight[: self.types])


def network(size, seed):
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    return Gpt(**SHAPES[size])


def train(size, repeats, seed, median_of):
    """Seconds of one training step."""
    gpt, steps = network(size, seed), 20
    adam = torch.optim.AdamW(gpt.parameters(), lr=1e-3)
    text = torch.randint(gpt.types, (BATCH, LENGTH))
    inputs = torch.cat([torch.full((BATCH, 1), gpt.types), text[:, :-1]], dim=1)

    def body():
        for _ in range(steps):
            adam.zero_grad(set_to_none=True)
            loss = functional.cross_entropy(gpt(inputs).flatten(0, 1), text.flatten())
            loss.backward()
            torch.nn.utils.clip_grad_norm_(gpt.parameters(), 1.0)
            adam.step()
        return float(loss.detach())

    timing, loss = median_of(body, repeats, steps)
    return {**timing, **SHAPES[size], "tokens": BATCH * LENGTH, "last_loss": loss}


def generate(repeats, seed, median_of):
    """Seconds for all sequences, drawn together."""
    gpt = network("large", seed)

    @torch.inference_mode()
    def body():
        room = lambda: torch.zeros(DRAWS, HEADS, LENGTH, gpt.width // HEADS)
        kept = [[room(), room(), 0] for _ in gpt.layers]
        ids, text = torch.full((DRAWS, 1), gpt.types), []
        for place in range(LENGTH):
            probabilities = gpt(ids, place, kept)[:, -1].softmax(dim=-1)
            ids = torch.multinomial(probabilities, 1)
            text.append(ids)
        return torch.cat(text, dim=1).shape

    timing, shape = median_of(body, repeats)
    return {**timing, **SHAPES["large"], "tokens": shape[0] * shape[1]}
