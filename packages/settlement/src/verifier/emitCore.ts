import { bytesToBigInt, bytesToHex, CairnError, keccak256 } from '@cairn/primitives';
import {
  type Air,
  type CommittedColumn,
  hashSuite,
  invM31,
  type M31,
  MAX_LOG_HEIGHT,
  MIN_LOG_HEIGHT,
  PROOF_MAGIC,
  PROOF_VERSION,
  type ProofLayout,
  parameterWords,
  proofLayout,
  startTranscript,
  subgroupGenerator,
  type VerifyingKey,
} from '@cairn/stark';
import type { SettlementErrorCode } from '../errors.ts';
import { callBlock } from './callBlock.ts';
import { hex } from './lanes.ts';
import { REJECTION_NUMBERS } from './rejectionCodes.ts';
import { contractText, fieldFunctions, fillIn } from './yulText.ts';

const WORD = 32;
/** Words of the plan's entries for a point of the quotients. */
const POINT_WORDS = 10;

const utf8 = new TextEncoder();
/** The first four bytes of the hash of a signature. */
export function selector(signature: string): bigint {
  return bytesToBigInt(keccak256(utf8.encode(signature)).slice(0, 4));
}

/** Selectors by which core and statement contract know each other's calls, and the rejection that both make. */
export const STATEMENT_SELECTORS = {
  SELECTOR_REJECTED: selector('Rejected(uint256)'),
  SELECTOR_CLAIMS: selector('claims(bytes)'),
  SELECTOR_PUBLIC_VALUES: selector('publicValues(bytes)'),
  SELECTOR_FRACTIONS: selector('fractions(bytes)'),
} as const;

/** The transcript's state once protocol, AIR, parameters and fixed columns are absorbed: it names the key. */
export function keyDigest(key: VerifyingKey): Uint8Array {
  const states: number[][] = [];
  startTranscript(key, [], layoutOf(key), 0, (event) => states.push([...event.value]));
  return Uint8Array.from(states[3]!);
}

/** Keccak-256 of the parameter words, 32 bits each. */
export function parametersDigest(key: VerifyingKey): Uint8Array {
  return keccak256(wordBytes(parameterWords(key.parameters)));
}

/** Words of 32 bits, big-endian. */
export function wordBytes(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => {
    view.setUint32(4 * i, word);
  });
  return bytes;
}

/** Big-endian integers of so many bytes each as hexadecimal digits. */
export function digits(values: readonly number[], byteCount: number): string {
  return values.map((value) => value.toString(16).padStart(2 * byteCount, '0')).join('');
}

/** The least and greatest height of each table that proofs under the key may claim. */
function heightBounds(key: VerifyingKey): [number, number][] {
  return key.air.tables.map((table, t) => {
    const fixed = key.fixed?.logHeights.get(t);
    return [
      Math.max(table.minLogHeight, MIN_LOG_HEIGHT, fixed ?? 0),
      Math.min(table.maxLogHeight, MAX_LOG_HEIGHT, 30 - key.parameters.logBlowup, fixed ?? MAX_LOG_HEIGHT),
    ];
  });
}

/** A layout of the key's proofs; of it only what does not depend on heights is used. */
export function layoutOf(key: VerifyingKey): ProofLayout {
  return proofLayout(
    key.air,
    key.parameters,
    key.air.tables.map((table) => table.minLogHeight),
  );
}

/** Runs of columns of one table in a row, as (table, count); the composition counts as a table behind the others. */
function segmentsOf(air: Air, columns: readonly CommittedColumn[]): [number, number][] {
  const segments: [number, number][] = [];
  for (const { table = air.tables.length } of columns) {
    const last = segments.at(-1);
    if (last !== undefined && last[0] === table) last[1]++;
    else segments.push([table, 1]);
  }
  return segments;
}

/**
 * Yul statements that reject heights at which the uses of a bus could reach p; the statement adds its own to some buses.
 */
function useCounts(
  air: Air,
  statementBuses: readonly number[],
  heightAddress: (table: number) => bigint,
): string {
  return air.buses
    .flatMap((_, b) => {
      const isUse = (entry: { bus: number; kind: string }) => entry.bus === b && entry.kind === 'use';
      const constant = air.publicEntries.filter(isUse).length;
      const terms = air.tables.flatMap((table, t) => {
        const count = table.entries.filter(isUse).length;
        return count === 0
          ? []
          : [`count := add(count, shl(mload(${hex(heightAddress(t))}), ${hex(BigInt(count))}))`];
      });
      if (statementBuses.includes(b)) terms.push('count := add(count, mload($STATEMENT_USES))');
      if (terms.length === 0) return [];
      return [
        `{ let count := ${hex(BigInt(constant))}`,
        ...terms,
        'if iszero(lt(count, $P)) { reject($TOO_MANY_USES) } }',
      ];
    })
    .join('\n');
}

/** What the core must know of the contracts that it calls. */
export interface ConstraintContracts {
  /** Words that each returns. */
  readonly resultWords: readonly number[];
  /** Buses to which the statement contract adds a use for each cell; undefined without such a contract. */
  readonly statementBuses?: readonly number[] | undefined;
}

/**
 * The verifier of a key as a Yul object whose constructor takes the addresses of the constraint contracts and of the
 * statement's. `$CODE_HASHES` in it stands for the hashes of their code, which are known once they are compiled.
 */
export function emitCore(key: VerifyingKey, contracts: ConstraintContracts): string {
  const { air, parameters } = key;
  const { grinding } = parameters;
  const layout = layoutOf(key);
  const { digestBytes } = hashSuite(parameters.hash);
  const [columnCount, nextCount, tableCount] = [
    layout.columns.length,
    layout.nextColumns.length,
    air.tables.length,
  ];
  if (
    columnCount >= 2 ** 14 ||
    tableCount >= 250 ||
    !air.publicEntries.every((e) => e.tuple.length < 2 ** 10)
  ) {
    throw new CairnError<SettlementErrorCode>(
      'AIR_TOO_LARGE',
      `verifier of ${air.name}: got ${columnCount} columns in ${tableCount} tables, expected less than 16,384 and 250`,
    );
  }
  const bounds = heightBounds(key);
  const maxLogHeight = Math.max(...bounds.map(([, max]) => max));
  const maxLayers = Math.ceil(maxLogHeight / parameters.logFold) + 1;
  const pointCount = 2 + tableCount;
  // Three more, as they are inverted four at a time.
  const inverseCount = pointCount + maxLayers * 2 ** parameters.logFold + 3;
  const has = (name: string) => layout.trees.some((tree) => tree.name === name);
  const hasLookup = layout.lookupTables.length > 0;
  const capCount = layout.trees.length - (has('fixed') ? 1 : 0);

  const treeSegments = layout.trees.map((tree) => segmentsOf(air, tree.columns));
  const addressCount = contracts.resultWords.length + (contracts.statementBuses === undefined ? 0 : 1);

  // Memory, from the start: each name has an address and so many words.
  const places: Record<string, bigint> = {};
  let next = 0x40;
  const place = (name: string, words: number) => {
    places[name] = BigInt(next);
    next += WORD * words;
  };
  for (const name of [
    'AT_PROOF',
    'PROOF_BYTES',
    'STATEMENT_BYTES',
    'LOG_MAX_HEIGHT',
    'AT_NONCES',
    'AT_QUERIES',
    'DRAW_COUNT',
    'CLAIMED_TOTAL',
    'LAST_POWER',
    'POINT_X',
    'POINT_Y',
    'STEP_COEFFICIENT',
    'SHORT_COEFFICIENT',
    'ROW_NEXT',
    'POWER',
    'BASE_X',
    'BASE_Y',
    'QUERY_X',
    'QUERY_Y',
    'TALL_SUM',
  ])
    place(name, 1);
  place('NODE', 3);
  place('SCRATCH', 4);
  place('HEIGHTS', tableCount);
  place('BLOCKS', Math.max(1, 2 ** (parameters.logLastLayer - 3)));
  place('WEIGHTS', 8);
  place('DOUBLED_X', maxLogHeight);
  place('DOUBLED_Y', maxLogHeight);
  place('SELECTOR_PRODUCTS', maxLogHeight);
  place('CONTRACTS', addressCount);
  place('CONTRACT_HASHES', addressCount);
  // What the statement contract gives: a number of uses, then the public values.
  place('STATEMENT_USES', 1);
  place('PUBLIC', Math.ceil(air.publicCells.length / 8));
  place('TABLE_SUMS', 2 * (tableCount + 1));
  place('TABLE_POINTS', tableCount + 1);
  place('DENOMINATORS', 2 * pointCount);
  place('INVERSES', 2 * inverseCount);
  place('SPREAD_X', 2 ** parameters.logFold);
  place('SPREAD_Y', 2 ** parameters.logFold);
  place('VALUES', 2 ** parameters.logFold);
  place('COEFFICIENTS', columnCount + nextCount);
  // Everything that queries are checked with, but for the coefficients, which follow from one of them; two words before it for
  // its length as an answer.
  place('CONTEXT_LENGTH', 2);
  const context = next;
  for (const name of [
    'STATEMENT_HASH',
    'LOG_DOMAIN',
    'CAP_BYTES',
    'PATH_LENGTH',
    'QUERY_BYTES',
    'LAYERS_END',
    'LOG_LAST',
    'DEEP_COEFFICIENT',
    'POINTS_END',
  ])
    place(name, 1);
  const layerStride = WORD * (4 + parameters.logFold);
  place('LAYERS', maxLayers * (layerStride / WORD));
  place('LAST_LAYER', Math.max(8, 2 ** parameters.logLastLayer));
  place('POSITIONS', parameters.queryCount);
  place('TREE_ENDS', layout.trees.length);
  place('SEGMENTS', layout.trees.length * (tableCount + 1));
  place('POINTS', POINT_WORDS * pointCount);
  // A digest is read as a word: a word more behind the last.
  place('CAPS', Math.ceil(((capCount + maxLayers) * digestBytes * 2 ** parameters.logCap) / WORD) + 1);
  const contextBytes = next - context;

  // The plan: tables of numbers that follow the code.
  const plan: [string, string][] = [];
  const generators = Array.from({ length: 32 }, (_, k) => subgroupGenerator(Math.min(k, 31)));
  plan.push([
    'PLAN_GENERATORS',
    digits(
      generators.flatMap(({ x, y }) => [x, y]),
      4,
    ),
  ]);
  const inverse = (value: number) => (value === 0 ? 0 : invM31(value));
  plan.push([
    'PLAN_INVERSES',
    digits(
      generators.flatMap(({ x, y }) => [inverse(x), inverse(y)]),
      4,
    ),
  ]);
  plan.push(['PLAN_HEIGHTS', digits(bounds.flat(), 1)]);
  plan.push(['PLAN_SEGMENTS', digits(treeSegments.flat(2), 2)]);
  const treeNexts = layout.trees.map(({ columns }) =>
    columns.flatMap(({ hasNext }, i) => (hasNext ? [i] : [])),
  );
  plan.push(['PLAN_NEXT', digits(treeNexts.flat(), 2)]);
  const treeEntries = layout.trees.flatMap(({ name, columns }, i) => [
    name === 'fixed' ? 1 : 0,
    columns.length,
    treeSegments[i]!.length,
    treeNexts[i]!.length,
  ]);
  plan.push(['PLAN_TREES', digits(treeEntries, 2)]);
  plan.push(['PLAN_RESULTS', digits(contracts.resultWords, 2)]);
  plan.push([
    'PLAN_CAP',
    (key.fixed?.cap ?? []).map((digest) => bytesToHex(digest).replace(/^0x/, '')).join(''),
  ]);
  const planHex = plan.map(([, text]) => text).join('');
  const planBytes = planHex.length / 2;
  places.PLAN = BigInt(next);
  for (const [name, text] of plan) {
    places[name] = BigInt(next);
    next += text.length / 2;
  }
  next = Math.ceil(next / WORD) * WORD + WORD;

  const block = callBlock(air, columnCount, nextCount, Math.max(...contracts.resultWords));
  const env = next;
  place('ENV', block.wordCount);
  const inBlock = (index: number) => BigInt(env + WORD * index);
  // What is hashed in one piece stands behind everything else.
  place('BUFFER', 0);

  const words = parameterWords(parameters);
  const publicBytes = 4 * air.publicCells.length;
  const headBytes = 52 + 4 * (tableCount + 1);
  const nonce = (bits: number) => (bits > 0 ? 8 : 0);
  const asBigInt = (bytes: Uint8Array) => bytesToBigInt(bytes);
  const values: Record<string, bigint | number | string> = {
    ...REJECTION_NUMBERS,
    ...places,
    CONTRACT_COUNT: contracts.resultWords.length,
    ADDRESS_COUNT: addressCount,
    CODE_HASHES: '$CODE_HASHES',
    CONTEXT: context,
    CONTEXT_BYTES: contextBytes,
    HAS_STATEMENT: contracts.statementBuses === undefined ? 0 : 1,
    CHALLENGE_BYTES: WORD * (1 + block.alphaCount),
    ...STATEMENT_SELECTORS,
    SELECTOR_VERIFY: selector('verify(bytes,bytes)'),
    SELECTOR_BEGIN: selector('begin(bytes,bytes)'),
    SELECTOR_PROCEED: selector('proceed(uint256,bytes,bytes)'),
    SELECTOR_IS_PROVEN: selector('isProven(bytes32)'),
    SELECTOR_KEY_DIGEST: selector('keyDigest()'),
    SELECTOR_AIR_DIGEST: selector('airDigest()'),
    SELECTOR_PARAMETERS_DIGEST: selector('parametersDigest()'),
    INITIAL_STATE: asBigInt(keyDigest(key)),
    AIR_DIGEST: asBigInt(key.airDigest),
    PARAMETERS_DIGEST: asBigInt(parametersDigest(key)),
    PLAN_BYTES: planBytes,
    PLAN_HEX: planHex,
    PUBLIC_COUNT: air.publicCells.length,
    PUBLIC_BYTES: publicBytes,
    MAGIC: asBigInt(PROOF_MAGIC),
    VERSION: PROOF_VERSION,
    PARAMETERS_LEFT: asBigInt(wordBytes(words.slice(0, 8))),
    PARAMETERS_RIGHT: asBigInt(wordBytes(words.slice(8))),
    HEAD_BYTES: headBytes,
    TABLE_COUNT: tableCount,
    KEY_LOG_MAX_HEIGHT: key.fixed?.logMaxHeight ?? 0,
    LOG_BLOWUP: parameters.logBlowup,
    LOG_CAP: parameters.logCap,
    LOG_FOLD: parameters.logFold,
    LOG_LAST_LAYER: parameters.logLastLayer,
    QUERY_COUNT: parameters.queryCount,
    DIGEST_BYTES: digestBytes,
    DIGEST_MASK: ((1n << BigInt(8 * digestBytes)) - 1n) << BigInt(256 - 8 * digestBytes),
    NODE_RIGHT: places.NODE! + BigInt(4 + digestBytes),
    NODE_BYTES: 4 + 2 * digestBytes,
    CAP_COUNT: capCount,
    TREE_COUNT: layout.trees.length,
    ROW_BYTES: 4 * columnCount,
    COLUMN_COUNT: columnCount,
    NEXT_COUNT: nextCount,
    PLAN_SEGMENTS_END: places.PLAN_SEGMENTS! + BigInt(4 * treeSegments.flat().length),
    COEFFICIENTS_DELTA: (places.COEFFICIENTS! - inBlock(block.samples) + 2n ** 256n) % 2n ** 256n,
    FIRST_SHORT_POINT: places.POINTS! + BigInt(WORD * POINT_WORDS * (nextCount > 0 ? 2 : 1)),
    POINTS_AFTER_FIRST: places.POINTS! + BigInt(WORD * POINT_WORDS),
    FIXED_BYTES:
      (hasLookup ? nonce(grinding.lookup) : 0) +
      16 * layout.lookupTables.length +
      nonce(grinding.point) +
      16 * (columnCount + nextCount) +
      nonce(grinding.deep) +
      nonce(grinding.query),
    FOLD_NONCE_BYTES: nonce(grinding.fold),
    LAYER_STRIDE: layerStride,
    POINT_STRIDE: WORD * POINT_WORDS,
    INVERSES_BYTES: WORD * inverseCount,
    HAS_MAIN: has('main') ? 1 : 0,
    HAS_LOOKUP: hasLookup ? 1 : 0,
    LOOKUP_TABLES: layout.lookupTables.reduce((mask, t) => mask | (1n << BigInt(t)), 0n),
    CLAIMED_BYTES: 16 * layout.lookupTables.length,
    GRIND_LOOKUP: grinding.lookup,
    GRIND_POINT: grinding.point,
    GRIND_DEEP: grinding.deep,
    GRIND_FOLD: grinding.fold,
    GRIND_QUERY: grinding.query,
    ALPHA_COUNT: block.alphaCount,
    LAST_CONSTRAINT:
      air.tables.reduce((sum, table) => sum + table.constraints.length + table.batches.length, 0) - 1,
    PIECE_COUNT: 2 ** air.logComposition,
    ENV_BYTES: WORD * block.wordCount,
    SLOT_BYTES: WORD * Math.max(...contracts.resultWords),
    ENV_COEFFICIENT: inBlock(block.coefficient),
    ENV_LOOKUP_POINT: inBlock(block.lookupPoint),
    ENV_ALPHA: inBlock(block.alpha),
    ENV_MEAN_SUMS: inBlock(block.meanSums),
    ENV_FIRST: inBlock(block.first),
    ENV_LAST: inBlock(block.last),
    ENV_PUBLIC: inBlock(block.publicValues),
    ENV_SAMPLES: inBlock(block.samples),
    ENV_NEXT: inBlock(block.nextSamples),
    FIELD: fieldFunctions(),
  };
  values.USE_COUNTS = fillIn(
    useCounts(air, contracts.statementBuses ?? [], (table) => places.HEIGHTS! + BigInt(WORD * table)),
    values,
  );
  return fillIn(contractText('StarkVerifier.yul'), values);
}

/** Public values as the contract takes them: 32-bit words, big-endian. */
export function encodePublicValues(publicValues: readonly M31[]): Uint8Array {
  return wordBytes(publicValues);
}
