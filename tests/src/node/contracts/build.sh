#!/bin/sh
# Compiles deposit_receiver.cairo to deposit_receiver.json with the official compiler: build.sh <folder of starknet-compile>
set -e
cd "$(dirname "$0")"
out=$(mktemp -d)
"$1/starknet-compile" --single-file deposit_receiver.cairo "$out/sierra.json"
"$1/starknet-sierra-compile" "$out/sierra.json" "$out/casm.json"
node -e '
  const { readFileSync, writeFileSync } = require("node:fs");
  const read = (name) => JSON.parse(readFileSync(`${process.argv[1]}/${name}.json`, "utf8"));
  const { sierra_program_debug_info: _, abi, ...sierra } = read("sierra");
  const { pythonic_hints: __, ...casm } = read("casm");
  const artifact = { compiler: process.argv[2], sierra: { ...sierra, abi: JSON.stringify(abi) }, casm };
  writeFileSync("deposit_receiver.json", `${JSON.stringify(artifact)}\n`);
' "$out" "$("$1/starknet-compile" --version | head -1)"
rm -r "$out"
