#!/usr/bin/env python3
"""Checks the comparison itself without PyTorch: real runs of ours beside a stand-in for the peer that says it took twice as long.

    python3 check.py --goodhart path/to/goodhart
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

STAND_IN = """#!{python}
import json, sys
sys.path.insert(0, {here!r})
from shapes import Case
given = dict(zip(sys.argv[2::2], sys.argv[3::2]))
case = Case(given["--shape"], int(given["--batch"]), int(given["--prompts"]), given["--lengths"] == "tldr")
if given["--way"] == {failing!r}:
    sys.exit("RuntimeError: CUDA out of memory")
print(json.dumps({{"tokens": case.tokens(given["--work"]) + {more}, "items": case.items(given["--work"]), "seconds": 1e9,
                  "prefillSeconds": 5e8, "processBytes": 1000000,
                  "device": given["--device"]}}))
"""


def compare(goodhart, folder, *more_options, failing="", more=0):
    stand_in = os.path.join(folder, "peer")
    with open(stand_in, "w") as file:
        file.write(STAND_IN.format(python=sys.executable, here=HERE, failing=failing, more=more))
    os.chmod(stand_in, 0o755)
    done = subprocess.run(
        [sys.executable, os.path.join(HERE, "compare.py"), "--goodhart", goodhart, "--python", stand_in, "--shapes", "a,pythia-14m", "--work",
         "dpo,sft,score,sample", "--batch", "2", "--prompts", "2", "--seconds", "0.01", "--rounds", "1", "--lengths", "tldr", "--json",
         *more_options],
        capture_output=True, text=True)
    if not done.stdout:
        sys.exit(done.stderr)
    return done.returncode, json.loads(done.stdout)["results"], done.stderr


def expect(holds, what):
    if not holds:
        sys.exit(f"check.py: {what}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--goodhart", required=True)
    goodhart = parser.parse_args().goodhart
    for script in ("shapes.py", "neox.py", "peer.py", "compare.py"):
        with open(os.path.join(HERE, script)) as file:
            compile(file.read(), script, "exec")
    with tempfile.TemporaryDirectory() as folder:
        code, results, said = compare(goodhart, folder)
        expect(code == 0 and len(results) == 8, f"expected 8 comparisons that ran, found {len(results)}: {said}")
        for result in results:
            expect(not result["faults"], f"{result['shape']} {result['work']}: {result['faults']}")
            expect(result["last"]["ours"]["tokens"] == result["tokens"], "ours drew other texts than shapes.py")
            expect(result["last"]["ours"]["flops"] > 0 and result["seconds"]["ours"] > 0, "ours measured nothing")
            expect(result["seconds"]["standard"] == 1e9, "the peer's seconds are not those that it said")
        code, results, said = compare(goodhart, folder, failing="lean")
        expect(code == 1 and "out of memory" in said, f"a peer that fails is not told: {said}")
        expect(all("standard" in result["seconds"] for result in results), "one way that fails takes the other with it")
        code, _, said = compare(goodhart, folder, more=1)
        expect(code == 1 and "other work" in said, f"other tokens are not told: {said}")
        _, results, said = compare(goodhart, folder, "--device", "cuda:1", "--shapes", "a", "--work", "dpo")
        expect(results[0]["last"]["standard"]["device"] == "cuda:1", f"the peer runs on another GPU: {results[0]['last']} {said}")
    print("the comparison runs, and tells what fails")


if __name__ == "__main__":
    main()
