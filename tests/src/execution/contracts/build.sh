#!/bin/sh
# Compiles probe.cairo to probe.json with the official compiler: build.sh <folder of starknet-compile>
set -e
cd "$(dirname "$0")"
bin=$1
out=$(mktemp -d)
"$bin/starknet-compile" --single-file probe.cairo "$out/sierra.json" --allowed-libfuncs-list-name all
"$bin/starknet-sierra-compile" "$out/sierra.json" "$out/casm.json" --allowed-libfuncs-list-name all
node -e '
  const { readFileSync, writeFileSync } = require("node:fs");
  const read = (file) => JSON.parse(readFileSync(file, "utf8"));
  const sourceSha256 = require("node:crypto").createHash("sha256").update(readFileSync("probe.cairo")).digest("hex");
  const casm = read(process.argv[1] + "/casm.json");
  delete casm.pythonic_hints;
  writeFileSync("probe.json", `${JSON.stringify({ compiler: process.argv[2], sourceSha256, casm })}\n`);
' "$out" "$("$bin/starknet-compile" --version | tr ' ' '\n' | paste -sd' ')"
rm -r "$out"
