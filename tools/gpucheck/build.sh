#!/usr/bin/env bash
# Makes the folder that is carried to a machine with a GPU: the program, which needs no .NET there, the reference files and the peer's scripts.
#   tools/gpucheck/build.sh OUT        writes OUT/ and OUT.tar.gz
set -euo pipefail
out="$(realpath -m "${1:?usage: tools/gpucheck/build.sh OUT}")"
cd "$(dirname "$0")/../.."
if [ -e "$out" ] && [ -n "$(ls -A "$out")" ]; then
  echo "$out: expected a folder that is empty or not there yet." >&2
  exit 2
fi

dotnet publish tools/gpucheck/Goodhart.GpuCheck.csproj -c Release -r linux-x64 --self-contained \
  -p:PublishSingleFile=true -p:EnableCompressionInSingleFile=true -p:DebugType=none -p:DebugSymbols=false -o "$out"
mkdir -p "$out/tests/golden" "$out/bench/peers"
cp -r tests/golden/engine tests/golden/gptneox tests/golden/decoders "$out/tests/golden/"
cp bench/peers/*.py "$out/bench/peers/"
cp tools/gpucheck/README.md LICENSE NOTICE "$out/"
tar -C "$(dirname "$out")" -czf "$out.tar.gz" "$(basename "$out")"
bytes="$(stat -c %s "$out.tar.gz")"
echo "$out.tar.gz: $((bytes / 1000000)) MB"
if [ "$bytes" -ge 60000000 ]; then
  echo "expected less than 60 MB" >&2
  exit 1
fi
