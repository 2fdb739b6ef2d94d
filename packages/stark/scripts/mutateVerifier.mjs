// Removes the checks of the verifier one at a time and runs its tests, which must fail each time:
// `node packages/stark/scripts/mutateVerifier.mjs [part of a name …]`. Works on a copy of the package in a temporary folder.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const copy = mkdtempSync(join(tmpdir(), 'cairn-mutate-'));
const packageFolder = join(copy, 'packages/stark');
for (const path of ['vitest.config.ts', 'package.json', 'tsconfig.base.json']) {
  cpSync(join(root, path), join(copy, path));
}
cpSync(join(root, 'packages/stark'), packageFolder, {
  recursive: true,
  filter: (path) => !/stark\/(dist|node_modules)/.test(path),
});
for (const path of ['node_modules', 'packages/primitives']) symlinkSync(join(root, path), join(copy, path));
const TESTS = ['src/core/verifier', 'src/core/channel', 'src/core/merkle', 'src/core/hash'];

const VERIFY = 'src/core/verifier/verify.ts';
const DEEP = 'src/core/verifier/deepQuotients.ts';
const TRANSCRIPT = 'src/core/verifier/transcript.ts';
const CODEC = 'src/core/proof/proofCodec.ts';
const CHANNEL = 'src/core/channel/channel.ts';
const MERKLE = 'src/core/merkle/merklePath.ts';
const HASH = 'src/core/hash/hashSuite.ts';

const absorbs = (step, after = '') => [
  TRANSCRIPT,
  new RegExp(`channel\\.absorb\\w+\\(STEP\\.${step}, ${after}[^;]*;`),
  ';',
  `absorb ${step} ${after}`,
];
const nonce = (step, name) => [
  TRANSCRIPT,
  `if (!channel.checkNonce(STEP.${step}, grinding.${name}`,
  `if (false && !channel.checkNonce(STEP.${step}, grinding.${name}`,
  `check of the nonce ${step}`,
];

/** File, what stands there, what replaces it, name. */
const MUTATIONS = [
  [VERIFY, 'publicValues.length !== air.publicCells.length || ', '', 'number of public values'],
  [VERIFY, ' || !publicValues.every(isM31)', '', 'public values canonical'],
  [VERIFY, 'if (layout.logMaxHeight !== fixed.logMaxHeight)', 'if (false)', 'tallest height of the key'],
  [VERIFY, 'if (layout.logHeights[table] !== height)', 'if (false)', 'table heights of the key'],
  [VERIFY, 'if (count >= P)', 'if (false)', 'count of uses'],
  [VERIFY, 'return isZero(total)', 'return true', 'look-up sum'],
  [VERIFY, 'if (!constraintsHold(', 'if (false && !constraintsHold(', 'constraints'],
  [
    VERIFY,
    'if (!verifyMerklePath(hash, layout.treeShape',
    'if (false && !verifyMerklePath(hash, layout.treeShape',
    'tree paths',
  ],
  [
    VERIFY,
    'if (!verifyMerklePath(hash, layer.shape',
    'if (false && !verifyMerklePath(hash, layer.shape',
    'FRI paths',
  ],
  [VERIFY, 'if (!equal(leaf[index % 2 ** layer.logFold]!, expected))', 'if (false)', 'quotient and folds'],
  [
    VERIFY,
    'if (!equal(leaf[index % 2 ** layer.logFold]!, expected))',
    'if (i > 0 && !equal(leaf[index % 2 ** layer.logFold]!, expected))',
    'quotient',
  ],
  [
    VERIFY,
    'if (!equal(leaf[index % 2 ** layer.logFold]!, expected))',
    'if (i === 0 && !equal(leaf[index % 2 ** layer.logFold]!, expected))',
    'folds',
  ],
  [VERIFY, 'return equal(last, expected)', 'return true', 'last layer'],
  [VERIFY, 'q < proof.queries.length', 'q < 1', 'all queries but the first'],
  [DEEP, 'plan.atShort.forEach((at, h)', '[].forEach((at, h)', 'periodicity of short columns'],
  [DEEP, 'if (isZero(gap)) return undefined;', '', 'degenerate points'],
  [TRANSCRIPT, 'channel.absorbBytes(STEP.protocol, key.airDigest);', '', 'absorb AIR digest'],
  [TRANSCRIPT, 'channel.absorbDigests(STEP.preprocessed, key.fixed?.cap ?? []);', '', 'absorb fixed cap'],
  [TRANSCRIPT, 'channel.absorbWords(STEP.statement, publicValues);', '', 'absorb public values'],
  [TRANSCRIPT, '[...layout.logHeights, salt]', '[...layout.logHeights]', 'absorb salt'],
  absorbs('mainTrace'),
  absorbs('claimedSums'),
  absorbs('interactionTrace'),
  absorbs('composition'),
  absorbs('samples', 'proof.samples'),
  absorbs('samples', 'proof.nextSamples'),
  absorbs('friLayer'),
  absorbs('lastLayer'),
  nonce('lookupGrinding', 'lookup'),
  nonce('pointGrinding', 'point'),
  nonce('deepGrinding', 'deep'),
  nonce('foldGrinding', 'fold'),
  nonce('queryGrinding', 'query'),
  ...['lookup', 'point', 'deep', 'query'].map((name) => [
    TRANSCRIPT,
    `channel.absorbNonce(STEP.${name}Grinding, proof.${name}Nonce);`,
    '',
    `absorb nonce ${name}`,
  ]),
  [TRANSCRIPT, 'channel.absorbNonce(STEP.foldGrinding, proof.foldNonces[i]!);', '', 'absorb nonce fold'],
  [
    CODEC,
    'if (!sameBytes(reader.bytes(4), PROOF_MAGIC))',
    'if (!sameBytes(reader.bytes(4), PROOF_MAGIC) && false)',
    'magic',
  ],
  [CODEC, 'if (version !== PROOF_VERSION)', 'if (false)', 'version'],
  [CODEC, 'if (words.some((word, i) => word !== expected[i]))', 'if (false)', 'parameters'],
  [CODEC, 'if (badHeight !== undefined) return badHeight;', '', 'heights within bounds'],
  [CODEC, 'if (word >= P)', 'if (false)', 'canonical words'],
  [CODEC, 'if (!reader.isAtEnd)', 'if (false)', 'trailing bytes'],
  [CHANNEL, 'if (words.some((word) => word >= 2 * P)) continue;', '', 'rejection sampling'],
  [CHANNEL, 'this.#drawCount++', '0', 'draws differ'],
  [CHANNEL, '[KIND.absorb, step, message.length]', '[KIND.absorb, 0, message.length]', 'steps of messages'],
  [CHANNEL, '[KIND.draw, step, ', '[KIND.draw, 0, ', 'steps of draws'],
  [CHANNEL, '[KIND.grind, step, bits,', '[KIND.grind, 0, bits,', 'steps of nonces'],
  [MERKLE, 'top !== undefined && sameBytes(top, digest)', 'top !== undefined', 'cap comparison'],
  [MERKLE, 'const top = cap[index];', 'const top = cap[0];', 'index into the cap'],
  [MERKLE, 'if (path.length !== pathLength(shape)) return false;', '', 'length of a path'],
  [MERKLE, '(index & 1) === 0 ?', 'true ?', 'side of a sibling'],
  [HASH, 'view.setUint32(0, HASH_ROLE.leaf);', '', 'role of keccak leaves'],
  [HASH, 'roleBytes(HASH_ROLE.node)', 'roleBytes(HASH_ROLE.leaf)', 'role of keccak nodes'],
  [HASH, '(role << 24)', '0', 'role of Blake2s'],
  [HASH, 'const SHORT_DIGEST_BYTES = 24;', 'const SHORT_DIGEST_BYTES = 8;', 'length of short digests'],
  [HASH, 'difference |= a[i]! ^ b[i]!', 'difference |= i > 15 ? 0 : a[i]! ^ b[i]!', 'all bytes of digests'],
  [TRANSCRIPT, 'channel.absorbBytes(STEP.protocol, PROTOCOL);', '', 'absorb protocol'],
  [TRANSCRIPT, '[PROOF_VERSION, ...parameterWords(key.parameters)]', '[PROOF_VERSION]', 'absorb parameters'],
  [TRANSCRIPT, '[...layout.logHeights, salt]', '[salt]', 'absorb heights'],
  [VERIFY, 'if (publicSum === undefined)\n', 'if (false)\n', 'public tuple on the look-up challenge'],
];

const runTests = () =>
  spawnSync('npx', ['vitest', 'run', '--bail', '1', ...TESTS.map((test) => `packages/stark/${test}`)], {
    cwd: copy,
    encoding: 'utf8',
  });
const unmutated = runTests();
if (unmutated.status !== 0) {
  process.stdout.write(`${unmutated.stdout}${unmutated.stderr}\nThe tests fail without any mutation.\n`);
  rmSync(copy, { recursive: true });
  process.exit(1);
}

// Arguments narrow the run to mutations whose name contains one of them.
const wanted = process.argv.slice(2);
let survivors = 0;
let count = 0;
for (const [file, find, replacement, name] of MUTATIONS) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  count++;
  const path = join(packageFolder, file);
  const original = readFileSync(path, 'utf8');
  const mutated = original.replace(find, replacement);
  if (mutated === original) {
    process.stdout.write(`NOT FOUND  ${name}\n`);
    survivors++;
    continue;
  }
  try {
    writeFileSync(path, mutated);
    const run = runTests();
    if (run.status === 0) survivors++;
    process.stdout.write(`${run.status === 0 ? 'SURVIVED ' : 'killed   '}  ${name}\n`);
  } finally {
    writeFileSync(path, original);
  }
}
rmSync(copy, { recursive: true });
process.stdout.write(`${count - survivors} of ${count} killed\n`);
process.exitCode = survivors === 0 ? 0 : 1;
