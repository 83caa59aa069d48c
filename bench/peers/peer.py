#!/usr/bin/env python3
"""The work of `goodhart bench` in whatever PyTorch is installed; one JSON object on standard output.

    python3 peer.py --shape d --work dpo --way standard --threads 1 --clock cpu
    python3 peer.py --shape pythia-1b --work dpo --way lean --device cuda --precision bf16 --batch 64 --micro 8

ways   standard: chosen and rejected side by side on the batch axis, padded on the right to the longest; the reference is run at every
                 step; logits of all rows, log-softmax, gather.
       lean:     the reference's log-probs are computed before, and the head is applied to response rows only.
work   dpo (RMSprop, gradient norm clipped at 10), sft (loss of response tokens), score (log-probs of both responses), sample (temperature
       1 with a preallocated cache; prompts padded to the longest, which costs this program nothing)
bf16   autocast over float32 weights, as mixed precision is done in PyTorch.
Tokens are those of the data, a pair's prompt once and padding never, so that tokens/s compare with any other layout.
"""
import argparse
import copy
import json
import platform
import resource
import statistics
import sys
import time

from shapes import Case


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", required=True)
    parser.add_argument("--work", choices=["dpo", "sft", "score", "sample"], default="dpo")
    parser.add_argument("--way", choices=["standard", "lean"], default="standard")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:1")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--lengths", choices=["own", "tldr"], default="own")
    parser.add_argument("--batch", type=int, help="pairs of a step; default: the shape's")
    parser.add_argument("--micro", type=int, help="pairs computed at once; default: all of a step")
    parser.add_argument("--prompts", type=int, default=256)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    return parser.parse_args()


class Peer:
    """A model and its optimizer on a device, with the work as methods."""

    def __init__(self, torch, args, case):
        from neox import GptNeoX

        self.torch, self.args, self.case = torch, args, case
        self.functional = torch.nn.functional
        self.device = torch.device(args.device)
        if self.device.type == "cuda":
            with self.device:  # weights are drawn where they are used: on the host 6.9 billion take minutes
                self.model = GptNeoX(case.layers, case.width, case.heads, case.vocabulary)
        else:
            self.model = GptNeoX(case.layers, case.width, case.heads, case.vocabulary)
        self.optimizer = torch.optim.RMSprop(self.model.parameters(), lr=0.0)
        self.micro = args.micro or len(case.pairs)
        generator = torch.Generator().manual_seed(1)
        text = lambda length: torch.randint(0, case.vocabulary, (length,), generator=generator)
        self.pairs = []
        for prompt, chosen, rejected in case.pairs:
            start = text(prompt)
            self.pairs.append((prompt, torch.cat((start, text(chosen))), torch.cat((start, text(rejected)))))
        self.reference = self.stored = None

    def amp(self):
        return self.torch.autocast(self.device.type, self.torch.bfloat16, enabled=self.args.precision == "bf16")

    def pack(self, sequences, prompts):
        """Padded on the right; labels are -100 but at response tokens."""
        longest = max(len(s) for s in sequences)
        ids = self.torch.zeros(len(sequences), longest, dtype=self.torch.long)
        labels = self.torch.full((len(sequences), longest), -100, dtype=self.torch.long)
        for row, (sequence, prompt) in enumerate(zip(sequences, prompts)):
            ids[row, : len(sequence)] = sequence
            labels[row, prompt : len(sequence)] = sequence[prompt:]
        return ids.to(self.device), labels.to(self.device)

    def preference_batches(self):
        for at in range(0, len(self.pairs), self.micro):
            part = self.pairs[at : at + self.micro]
            prompts = [p for p, _, _ in part]
            yield self.pack([c for _, c, _ in part] + [r for _, _, r in part], prompts + prompts)

    def log_probs(self, model, ids, labels):
        """Summed over each sequence's response tokens."""
        keep = labels[:, 1:] != -100
        with self.amp():
            hidden = model.hidden(ids)[:, :-1]
            if self.args.way == "lean":
                logits = model.logits(hidden[keep])
                taken = -self.functional.cross_entropy(logits.float(), labels[:, 1:][keep], reduction="none")
                row = self.torch.arange(len(ids), device=ids.device).unsqueeze(1).expand_as(keep)[keep]
                return self.torch.zeros(len(ids), device=ids.device).index_add(0, row, taken)
            logits = model.logits(hidden)
        targets = labels[:, 1:].clamp(min=0)
        taken = logits.float().log_softmax(-1).gather(2, targets.unsqueeze(2)).squeeze(2)
        return (taken * keep).sum(-1)

    def prepare(self):
        """What is done once and not at every step."""
        if self.args.work == "dpo":
            self.reference = copy.deepcopy(self.model).eval().requires_grad_(False)
            if self.args.way == "lean":
                with self.torch.no_grad():
                    self.stored = [self.log_probs(self.reference, *batch) for batch in self.preference_batches()]
                self.reference = None

    def dpo(self):
        self.optimizer.zero_grad(set_to_none=True)
        for i, (ids, labels) in enumerate(self.preference_batches()):
            if self.reference is not None:
                with self.torch.no_grad():
                    reference = self.log_probs(self.reference, ids, labels)
            else:
                reference = self.stored[i]
            ratio = self.log_probs(self.model, ids, labels) - reference
            half = len(ratio) // 2
            loss = -self.functional.logsigmoid(0.1 * (ratio[:half] - ratio[half:])).sum() / len(self.pairs)
            loss.backward()
        self.update()

    def sft(self):
        self.optimizer.zero_grad(set_to_none=True)
        targets = sum(len(chosen) - prompt for prompt, chosen, _ in self.pairs)
        for at in range(0, len(self.pairs), self.micro):
            part = self.pairs[at : at + self.micro]
            ids, labels = self.pack([c for _, c, _ in part], [p for p, _, _ in part])
            if self.args.way == "lean":
                loss = -self.log_probs(self.model, ids, labels).sum()
            else:
                with self.amp():
                    logits = self.model.logits(self.model.hidden(ids))
                loss = self.functional.cross_entropy(
                    logits.float()[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), ignore_index=-100, reduction="sum")
            (loss / targets).backward()
        self.update()

    def update(self):
        self.torch.nn.utils.clip_grad_norm_(self.model.parameters(), 10.0)
        self.optimizer.step()

    def score(self):
        with self.torch.no_grad():
            for ids, labels in self.preference_batches():
                self.log_probs(self.model, ids, labels)

    def sample(self, new=None):
        torch, case, new = self.torch, self.case, new or self.case.new_tokens
        count, longest = len(case.prompts), max(case.prompts)
        generator = torch.Generator().manual_seed(2)
        ids = torch.randint(0, case.vocabulary, (count, longest), generator=generator).to(self.device)
        kind = torch.bfloat16 if self.args.precision == "bf16" else torch.float32
        shape = (count, case.heads, longest + new, case.width // case.heads)
        with torch.no_grad(), self.amp():
            cache = [tuple(torch.zeros(shape, dtype=kind, device=self.device) for _ in range(2)) for _ in range(case.layers)]
            chunk = max(1, 8192 // longest)
            last = torch.cat([
                self.model.hidden(ids[at : at + chunk], [tuple(x[at : at + chunk] for x in layer) for layer in cache])[:, -1]
                for at in range(0, count, chunk)])
            for step in range(new):
                token = torch.multinomial(self.model.logits(last).float().softmax(-1), 1)
                if step + 1 < new:
                    last = self.model.hidden(token, cache, longest + step)[:, -1]
        return token

    def synchronize(self):
        if self.device.type == "cuda":
            self.torch.cuda.synchronize()

    def timed(self, step, seconds):
        """Seconds of each step, after one or two that are not counted."""
        clock = time.process_time if self.args.clock == "cpu" else time.perf_counter
        begun = time.perf_counter()
        step()
        self.synchronize()
        if time.perf_counter() - begun < seconds:
            step()
            self.synchronize()
        taken, begun = [], time.perf_counter()
        while not taken or time.perf_counter() - begun < seconds:
            start = clock()
            step()
            self.synchronize()
            taken.append(clock() - start)
        return taken


def products_peak(torch, args):
    """FLOP/s of large products in this process, at the precision that the work has."""
    device, best = torch.device(args.device), 0.0
    kind = torch.bfloat16 if args.precision == "bf16" else torch.float32
    clock = time.process_time if args.clock == "cpu" else time.perf_counter
    for size in (512, 1024) if device.type == "cpu" else (4096, 8192):
        x = (torch.rand(size, size) * 2 - 1).to(device, kind)
        y = (torch.rand(size, size) * 2 - 1).to(device, kind)
        for _ in range(8):
            start = clock()
            torch.mm(x, y)
            if device.type == "cuda":
                torch.cuda.synchronize()
            best = max(best, 2.0 * size ** 3 / max(1e-9, clock() - start))
    return best


def main():
    args = options()
    case = Case(args.shape, args.batch, args.prompts, args.lengths == "tldr")
    try:
        import torch
    except ImportError as missing:
        sys.exit(f"peer.py: this Python has no PyTorch ({missing}). Run it with one that has: {sys.executable} is none.")
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    if args.device.startswith("cuda"):
        torch.cuda.set_device(torch.device(args.device).index or 0)   # what is waited for and counted below is the current device's
    peer = Peer(torch, args, case)
    peer.prepare()
    if args.device.startswith("cuda"):
        torch.cuda.reset_peak_memory_stats()
    result = {
        "shape": case.name, "work": args.work, "way": args.way, "device": args.device, "precision": args.precision,
        "threads": args.threads, "clock": args.clock, "library": f"PyTorch {torch.__version__}", "python": platform.python_version(),
        "tokens": case.tokens(args.work), "items": case.items(args.work),
    }
    if args.work == "sample":
        result["prefillSeconds"] = statistics.median(peer.timed(lambda: peer.sample(1), args.seconds))
    taken = peer.timed(getattr(peer, args.work), args.seconds)
    result["steps"], result["seconds"], result["bestSeconds"] = len(taken), statistics.median(taken), min(taken)
    result["tokensPerSecond"] = result["tokens"] / result["seconds"]
    result["itemsPerSecond"] = result["items"] / result["seconds"]
    result["gemmPeak"] = products_peak(torch, args)
    result["processBytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if args.device.startswith("cuda"):
        result["deviceBytes"] = torch.cuda.max_memory_allocated()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
