#!/usr/bin/env python3
"""Runs `goodhart bench` and the PyTorch peer alternately on the same work and prints how many times longer the peer takes.

    python3 compare.py --shapes a,d --work dpo,sft --threads 1 --clock cpu
    python3 compare.py --goodhart ./goodhart --device cuda --precision bf16 --shapes pythia-1b --work dpo --batch 64 --micro 8 --rounds 3

Both sides draw texts of the same lengths; that they have the same tokens is checked at every run. One run after the other, round by round,
so that what else the machine does meets both; medians over rounds. Exit code 0: everything ran.
"""
import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys

from shapes import Case

HERE = os.path.dirname(os.path.abspath(__file__))
WAYS = ("standard", "lean")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--goodhart", default="goodhart", help="the command, with arguments if need be")
    parser.add_argument("--python", default=sys.executable, help="a Python with PyTorch, for the peer")
    parser.add_argument("--shapes", default="a,b,c,d,e")
    parser.add_argument("--work", default="dpo,sft,score,sample")
    parser.add_argument("--ways", default="standard,lean", help="of the peer")
    parser.add_argument("--device", default="cpu", help="ours: cpu, torch, cuda or cuda:1; the peer's follows")
    parser.add_argument("--libtorch", help="ours: the folder of libtorch")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--lengths", choices=["own", "tldr"], default="own")
    parser.add_argument("--batch", type=int)
    parser.add_argument("--micro", type=int, help="peer: pairs computed at once")
    parser.add_argument("--row-budget", type=int, help="ours: token rows computed at once")
    parser.add_argument("--prompts", type=int, default=256)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=600, help="seconds after which one run is given up")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def peer_environment(args):
    """What makes a CPU peer a fair one: wide vectors where the processor has them, and memory that is not given back after every step."""
    threads = str(args.threads)
    environment = dict(os.environ, OMP_NUM_THREADS=threads, MKL_NUM_THREADS=threads, OPENBLAS_NUM_THREADS=threads)
    if not args.device.startswith("cuda") and sys.platform == "linux":
        environment.update(MALLOC_MMAP_MAX_="0", MALLOC_TRIM_THRESHOLD_="30000000000", GLIBC_TUNABLES="glibc.malloc.hugetlb=1")
        with open("/proc/cpuinfo") as processor:
            if "avx512vl" in processor.read():
                environment.setdefault("ATEN_CPU_CAPABILITY", "avx512")
    return environment


def run(command, environment, limit):
    """The JSON that a command prints, or the last words of one that failed."""
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None, f"given up after {limit:.0f} s"
    except OSError as fault:
        return None, str(fault)
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()
        return None, said[-1]
    return json.loads(done.stdout), None


def shared(args):
    common = ["--lengths", args.lengths, "--prompts", str(args.prompts), "--threads", str(args.threads),
              "--seconds", str(args.seconds), "--clock", args.clock]
    return common + (["--batch", str(args.batch)] if args.batch else [])


def ours(args, shape, work):
    command = shlex.split(args.goodhart) + ["bench", "--json", "--shapes", shape, "--work", work, "--device", args.device, *shared(args)]
    command += ["--libtorch", args.libtorch] if args.libtorch else []
    command += ["--precision", args.precision] if args.precision != "f32" else []
    command += ["--row-budget", str(args.row_budget)] if args.row_budget else []
    result, fault = run(command, None, args.limit)
    if fault:
        return None, fault
    rows = {row["work"]: row for row in result["rows"]}
    row = rows[work]
    found = {key: row[key] for key in ("seconds", "tokens", "items", "flops", "utilisation", "arenaBytes", "processBytes")}
    if work == "sample":
        found["prefillSeconds"] = rows["sample: prefill"]["seconds"]
    return found, None


def peer(args, shape, work, way):
    command = [args.python, os.path.join(HERE, "peer.py"), "--shape", shape, "--work", work, "--way", way, "--precision", args.precision,
               "--device", args.device if args.device.startswith("cuda") else "cpu", *shared(args)]
    command += ["--micro", str(args.micro)] if args.micro else []
    return run(command, peer_environment(args), args.limit)


def compare(args, shape, work):
    """Medians over the rounds of ours and of each way of the peer."""
    case = Case(shape, args.batch, args.prompts, args.lengths == "tldr")
    sides = {"ours": lambda: ours(args, case.name, work)}
    for way in args.ways.split(","):
        if work != "sample" or way == "standard":   # sampling has one way
            sides[way] = lambda way=way: peer(args, case.name, work, way)
    seconds, last, faults = {}, {}, {}
    for _ in range(args.rounds):
        for side, measure in sides.items():
            if side in faults:
                continue
            result, fault = measure()
            if not fault and (result["tokens"], result["items"]) != (case.tokens(work), case.items(work)):
                fault = f"other work: {result['tokens']} tokens in {result['items']}, expected {case.tokens(work)} in {case.items(work)}"
            if fault:
                faults[side] = fault
                continue
            last[side] = result
            seconds.setdefault(side, []).append(result["seconds"])
            if work == "sample":
                seconds.setdefault(side + " prefill", []).append(result["prefillSeconds"])
    middle = {side: statistics.median(values) for side, values in seconds.items() if side.split()[0] not in faults}
    return {"shape": case.name, "work": work, "tokens": case.tokens(work), "items": case.items(work), "seconds": middle,
            "last": last, "faults": faults, "newTokens": case.new_tokens, "promptTokens": sum(case.prompts)}


def lines(found):
    """Rows of the table: work, ours in tokens/s, and how many times longer each way of the peer takes."""
    seconds, work = found["seconds"], found["work"]
    parts = [(work, found["tokens"], lambda side: seconds.get(side))]
    if work == "sample":
        generated = found["items"] * (found["newTokens"] - 1)
        parts.append(("sample: prefill", found["promptTokens"], lambda side: seconds.get(side + " prefill")))
        parts.append(("sample: decode", generated,
                      lambda side: seconds[side] - seconds[side + " prefill"] if side in seconds else None))
    for name, tokens, of in parts:
        mine = of("ours")
        cells = [f"{of(way) / mine:.2f}" if mine and of(way) else "-" for way in WAYS]
        memory = [found["last"].get(side, {}).get("processBytes") for side in ("ours", *WAYS)]
        share = found["last"].get("ours", {}).get("utilisation") if name == work else None
        yield [found["shape"], name, f"{mine:.4f}" if mine else "-", f"{tokens / mine:,.0f}" if mine else "-",
               f"{share:.0%}" if share else "", *cells, " / ".join(f"{m / 1e6:,.0f}" if m else "-" for m in memory)]


def main():
    args = options()
    print_rows, results, failed = [], [], False
    for shape in args.shapes.split(","):
        for work in args.work.split(","):
            found = compare(args, shape, work)
            results.append(found)
            print_rows.extend(lines(found))
            for side, fault in found["faults"].items():
                failed = True
                print(f"{found['shape']} {work}, {side}: {fault}", file=sys.stderr)
    if args.json:
        print(json.dumps({"options": vars(args), "results": results}, indent=1))
    else:
        head = ["shape", "work", "ours, s", "tokens/s", "of peak", "standard", "lean", "process MB: ours / standard / lean"]
        print(f"{args.device} {args.precision}, {args.threads} threads, {args.clock} time, {args.rounds} rounds.", end=" ")
        print("How many times longer PyTorch takes:")
        for row in [head, ["---"] * len(head), *print_rows]:
            print("| " + " | ".join(row) + " |")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
