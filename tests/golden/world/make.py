"""Writes world.json: python3 make.py > world.json (standard library only; made with Python 3.11)."""
import hashlib
import json
import struct

import prototype as w

SEED, PURPOSE, ITEMS = 20240605, "golden/world", 24
LOW32 = 0xFFFFFFFF


class PhiloxStream:
    """Philox4x32-10 with the draws of Goodhart.Engine.Randomness.RandomStream, under the names of numpy's Generator."""

    def __init__(self, seed, purpose, item):
        digest = hashlib.sha256(struct.pack("<Q", seed) + purpose.encode()).digest()
        self.key = struct.unpack("<Q", digest[:8])[0]
        self.item, self.block, self.words = item, 0, []

    def bits(self):
        if not self.words:
            c = [self.block, 0, 0, self.item]
            k0, k1 = self.key & LOW32, self.key >> 32
            for _ in range(10):
                p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
                c = [(p1 >> 32) ^ c[1] ^ k0, p1 & LOW32, (p0 >> 32) ^ c[3] ^ k1, p0 & LOW32]
                k0, k1 = (k0 + 0x9E3779B9) & LOW32, (k1 + 0xBB67AE85) & LOW32
            self.block += 1
            self.words = c
        word, self.words = self.words[0], self.words[1:]
        return word

    def random(self):
        high = self.bits()
        return ((high << 21) ^ (self.bits() >> 11)) / (1 << 53)

    def integers(self, low, high=None):
        if high is None:
            low, high = 0, low
        n = high - low
        while True:
            product = self.bits() * n
            if product & LOW32 >= (2**32 - n) % n:
                return low + (product >> 32)

    def permutation(self, n):
        order = [0] * n
        for i in range(n):
            j = self.integers(i + 1)
            order[i] = order[j]
            order[j] = i
        return order


def broad(rng, p):
    q = 0.5 + 2 * rng.random()
    inc = 0.05 + 0.85 * rng.random()
    return w.write(rng, p, inc=inc, err=.06 * q, absent=.06 * q, rep=.03 * q, bad=.02 * q, det=.1 + .25 * rng.random())


def pool(rng, p):
    q = 0.5 + 2 * rng.random()
    inc = 0.2 + 0.55 * rng.random()
    return w.write(rng, p, inc=inc, err=.06 * q, absent=.06 * q, rep=.03 * q, bad=.02 * q, det=.1)


def corrupt(rng, y):
    """Random edits: the responses an untrained model might give."""
    y = list(y)
    for _ in range(1 + rng.integers(4)):
        kind = rng.integers(5)
        if kind == 0 and y:
            y.pop(rng.integers(len(y)))
        elif kind == 1:
            y.insert(rng.integers(len(y) + 1), rng.integers(w.V))
        elif kind == 2 and y:
            y[rng.integers(len(y))] = rng.integers(w.V)
        elif kind == 3:
            y = y[: rng.integers(len(y) + 1)]
        elif kind == 4:
            y = y[:-1] + y
    return y


def score(p, y):
    r, cov, hal, rep, mal, n = w.gold(p, y, True)
    return {"ids": y, "hundredths": round(100 * r), "covered": cov, "hallucinated": hal, "repeated": rep, "malformed": mal, "length": n}


items = []
for i in range(ITEMS):
    rng = PhiloxStream(SEED, PURPOSE, i)
    p = w.gen_post(rng)
    human, wide, a, b = w.write(rng, p), broad(rng, p), pool(rng, p), pool(rng, p)
    responses = [human, wide, a, b]
    edits = PhiloxStream(SEED, PURPOSE + "/edits", i)
    responses += [corrupt(edits, responses[k % 4]) for k in range(8)]
    items.append({
        "facts": {k: w.ID[v] for k, v in p.f.items()},
        "distractors": {k: w.ids(v) for k, v in p.dis.items()},
        "likes": w.ids(p.like),
        "prompt": p.t,
        "responses": [score(p, y) for y in responses],
    })

print('{"vocabulary": %s,' % json.dumps(w.VOC))
print('"seed": %d, "purpose": "%s",' % (SEED, PURPOSE))
print('"items": [\n%s\n]}' % ",\n".join(json.dumps(x) for x in items))
