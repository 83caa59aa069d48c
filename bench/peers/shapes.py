"""The shapes that are measured, and the lengths of their texts: the same draws as `goodhart bench` makes.

    python3 shapes.py d            prints the tokens of a step as JSON; needs no PyTorch
"""
import json
import sys

TLDR = (("normal", 400, 90, 128, 512), ("normal", 37, 11, 16, 64))

# name: layers, width, heads, vocabulary, prompt lengths, response lengths, pairs of a step
SHAPES = {
    "a": (4, 128, 4, 512, ("uniform", 48, 80), ("uniform", 8, 24), 64),
    "b": (6, 256, 8, 2048, ("fixed", 128), ("fixed", 32), 32),
    "c": (6, 128, 4, 50304, ("fixed", 384), ("fixed", 48), 8),
    "d": (6, 512, 8, 50304, ("fixed", 384), ("fixed", 48), 4),
    "e": (12, 768, 12, 50304, ("fixed", 384), ("fixed", 48), 2),
    "pythia-14m": (6, 128, 4, 50304, *TLDR, 8),
    "pythia-31m": (6, 256, 8, 50304, *TLDR, 8),
    "pythia-70m": (6, 512, 8, 50304, *TLDR, 8),
    "pythia-160m": (12, 768, 12, 50304, *TLDR, 8),
    "pythia-410m": (24, 1024, 16, 50304, *TLDR, 8),
    "pythia-1b": (16, 2048, 8, 50304, *TLDR, 8),
    "pythia-1.4b": (24, 2048, 16, 50304, *TLDR, 8),
    "pythia-2.8b": (32, 2560, 32, 50304, *TLDR, 8),
    "pythia-6.9b": (32, 4096, 32, 50432, *TLDR, 8),
    "pythia-12b": (36, 5120, 40, 50688, *TLDR, 8),
}

PAIR_SEED, PROMPT_SEED = 1, 2


class Draws:
    """A linear congruential generator: few enough lines to be the same in two languages."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        self.state = (self.state * 1664525 + 1013904223) % (1 << 32)
        return (self.state >> 8) / (1 << 24)

    def normal(self):
        return sum(self.uniform() for _ in range(12)) - 6

    def length(self, spread):
        kind, *numbers = spread
        if kind == "fixed":
            return numbers[0]
        if kind == "uniform":
            least, most = numbers
            return least + int(self.uniform() * (most - least + 1))
        mean, deviation, least, most = numbers
        return int(min(most, max(least, (mean + deviation * self.normal() + 0.5) // 1)))


def typical(spread):
    return {"fixed": lambda n: n, "uniform": lambda a, b: (a + b) // 2, "normal": lambda mean, *_: mean}[spread[0]](*spread[1:])


class Case:
    """A shape with the lengths of a step: pairs of (prompt, chosen, rejected), and prompts to sample from."""

    def __init__(self, name, batch=None, prompts=256, tldr=False):
        if name not in SHAPES and "pythia-" + name in SHAPES:
            name = "pythia-" + name
        if name not in SHAPES:
            sys.exit(f"--shape: expected {', '.join(SHAPES)}, found '{name}'.")
        self.name = name
        self.layers, self.width, self.heads, self.vocabulary, prompt, response, usual = SHAPES[name]
        if tldr:
            prompt, response = TLDR
        draws = Draws(PAIR_SEED)
        self.pairs = [(draws.length(prompt), draws.length(response), draws.length(response)) for _ in range(batch or usual)]
        draws = Draws(PROMPT_SEED)
        self.prompts = [draws.length(prompt) for _ in range(prompts)]
        self.new_tokens = typical(response)

    def tokens(self, work):
        """Tokens of a step as the data has them: a pair's prompt once, padding never."""
        if work in ("dpo", "score"):
            return sum(p + c + r for p, c, r in self.pairs)
        if work == "sft":
            return sum(p + c for p, c, _ in self.pairs)
        return len(self.prompts) * self.new_tokens

    def items(self, work):
        return len(self.prompts) if work == "sample" else len(self.pairs)


if __name__ == "__main__":
    case = Case(sys.argv[1])
    print(json.dumps({work: {"tokens": case.tokens(work), "items": case.items(work)} for work in ("dpo", "sft", "score", "sample")}))
