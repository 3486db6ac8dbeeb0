"""What every oracle shares: seeded inputs of six decimals, an agreement check, and JSON that is exact."""

import json
import math
import zlib

import numpy as np


def generator(name):
    """A generator of its own for each case, so that adding a case moves no other."""
    return np.random.default_rng([20240726, zlib.crc32(name.encode())])


def rounded(values, decimals=6):
    """Inputs have six decimals: their text is exact, and so is their square in integers."""
    return np.round(np.asarray(values, dtype=float), decimals) + 0.0


def agree(ours, theirs, tolerance=1e-9, what=""):
    """Two independent computations of one number must agree before it is written down."""
    if not np.allclose(ours, theirs, rtol=tolerance, atol=tolerance):
        raise SystemExit(f"oracles disagree on {what}: {ours} and {theirs}")
    return theirs


def plain(value):
    """Python numbers for JSON; an infinity becomes the text "inf" or "-inf", a NaN is refused."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        raise SystemExit("an expected value is NaN")
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def layout(value, depth=0):
    """JSON with one entry per line down to the third level, and arrays of numbers on one line."""
    pad = " " * (depth + 1)
    if isinstance(value, dict) and value and depth < 4:
        lines = [
            f"{pad}{json.dumps(key)}: {layout(item, depth + 1)}" for key, item in value.items()
        ]
        return "{\n" + ",\n".join(lines) + "\n" + " " * depth + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        lines = [pad + layout(item, depth + 1) for item in value]
        return "[\n" + ",\n".join(lines) + "\n" + " " * depth + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def write(path, content):
    path.write_text(layout(plain(content)) + "\n", encoding="utf-8")
