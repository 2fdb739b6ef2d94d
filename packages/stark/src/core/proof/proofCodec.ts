import { type Air, MAX_LOG_HEIGHT, MIN_LOG_HEIGHT } from '../air/ir.ts';
import { type M31, P } from '../field/m31.ts';
import type { QM31 } from '../field/qm31.ts';
import { hashSuite, sameBytes } from '../hash/hashSuite.ts';
import { pathLength } from '../merkle/merklePath.ts';
import { PARAMETER_NAMES, type ProofParameters, parameterWords } from '../params/parameters.ts';
import { type Rejection, reject } from '../verifier/rejection.ts';
import type { Nonce, Proof, QueryOpening } from './proof.ts';
import { type ProofLayout, proofLayout } from './proofLayout.ts';

/** The first four bytes of a proof. */
export const PROOF_MAGIC = Uint8Array.of(0x43, 0x53, 0x54, 0x4b); // "CSTK"
/** The version of the encoding that this code writes and reads. */
export const PROOF_VERSION = 1;

// A proof is a sequence of big-endian 32-bit words without any count inside: magic, version, parameters, heights, and then
// what the layout says. The same walk over the layout encodes and decodes.

class Writer {
  readonly #words: number[] = [];
  readonly #parts: Uint8Array[] = [];
  #byteCount = 0;

  word(word: number): void {
    this.#words.push(word);
  }

  words(words: readonly number[]): void {
    for (const word of words) this.#words.push(word);
  }

  bytes(bytes: Uint8Array): void {
    this.#flush();
    this.#parts.push(bytes);
    this.#byteCount += bytes.length;
  }

  #flush(): void {
    if (this.#words.length === 0) return;
    const bytes = new Uint8Array(4 * this.#words.length);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < this.#words.length; i++) view.setUint32(4 * i, this.#words[i]!);
    this.#words.length = 0;
    this.#parts.push(bytes);
    this.#byteCount += bytes.length;
  }

  finish(): Uint8Array {
    this.#flush();
    const out = new Uint8Array(this.#byteCount);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}

/** Reads with a sticky failure: after the first, everything reads as zeros. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  failure: Rejection | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  word(): number {
    if (this.#at + 4 > this.#bytes.length) {
      this.failure ??= reject(
        'TRUNCATED',
        `proof ends at byte ${this.#bytes.length}, in the middle of its layout`,
      );
      return 0;
    }
    const word = this.#view.getUint32(this.#at);
    this.#at += 4;
    return word;
  }

  element(): M31 {
    const at = this.#at;
    const word = this.word();
    if (word >= P)
      this.failure ??= reject('NON_CANONICAL', `field word at byte ${at}: got ${word}, expected below p`);
    return word;
  }

  secure(): QM31 {
    return [this.element(), this.element(), this.element(), this.element()];
  }

  digest(byteCount: number): Uint8Array {
    if (this.#at + byteCount > this.#bytes.length) {
      this.failure ??= reject(
        'TRUNCATED',
        `proof ends at byte ${this.#bytes.length}, in the middle of a digest`,
      );
      return new Uint8Array(byteCount);
    }
    this.#at += byteCount;
    return this.#bytes.slice(this.#at - byteCount, this.#at);
  }

  bytes(count: number): Uint8Array {
    const bytes = this.#bytes.slice(this.#at, this.#at + count);
    this.#at = Math.min(this.#at + count, this.#bytes.length);
    return bytes;
  }

  many<T>(count: number, read: () => T): T[] {
    const values: T[] = [];
    for (let i = 0; i < count && this.failure === undefined; i++) values.push(read());
    return values;
  }
}

/** The trees whose caps and openings a proof holds, with whether the cap is in the key instead. */
export function capInKey(layout: ProofLayout, tree: number): boolean {
  return layout.trees[tree]!.name === 'fixed';
}

/** The proof as bytes. */
export function encodeProof(air: Air, proof: Proof): Uint8Array {
  const layout = proofLayout(air, proof.parameters, proof.logHeights);
  const { grinding } = proof.parameters;
  const writer = new Writer();
  const nonce = (bits: number, value: Nonce) => {
    if (bits > 0) writer.words(value);
  };
  writer.bytes(PROOF_MAGIC);
  writer.word(PROOF_VERSION);
  writer.words(parameterWords(proof.parameters));
  writer.words(proof.logHeights);
  writer.word(proof.salt);
  for (const cap of proof.caps) for (const digest of cap) writer.bytes(digest);
  if (layout.lookupTables.length > 0) nonce(grinding.lookup, proof.lookupNonce);
  for (const sum of proof.claimedSums) writer.words(sum);
  nonce(grinding.point, proof.pointNonce);
  for (const sample of [...proof.samples, ...proof.nextSamples]) writer.words(sample);
  nonce(grinding.deep, proof.deepNonce);
  proof.friCaps.forEach((cap, i) => {
    for (const digest of cap) writer.bytes(digest);
    nonce(grinding.fold, proof.foldNonces[i]!);
  });
  for (const coefficient of proof.lastLayer) writer.words(coefficient);
  nonce(grinding.query, proof.queryNonce);
  for (const query of proof.queries) {
    query.rows.forEach((row, tree) => {
      writer.words(row);
      for (const digest of query.paths[tree]!) writer.bytes(digest);
    });
    query.friValues.forEach((values, layer) => {
      for (const value of values) writer.words(value);
      for (const digest of query.friPaths[layer]!) writer.bytes(digest);
    });
  }
  return writer.finish();
}

/** What decoding gives: a proof of the layout's form, or why the bytes are none. */
export type DecodedProof =
  | { readonly ok: true; readonly proof: Proof; readonly layout: ProofLayout }
  | Rejection;

function checkHeights(
  air: Air,
  parameters: ProofParameters,
  logHeights: readonly number[],
): Rejection | undefined {
  for (const [t, table] of air.tables.entries()) {
    const height = logHeights[t]!;
    if (
      height < table.minLogHeight ||
      height > table.maxLogHeight ||
      height < MIN_LOG_HEIGHT ||
      height > MAX_LOG_HEIGHT ||
      height + parameters.logBlowup > 30
    ) {
      return reject(
        'INVALID_HEIGHT',
        `height of table ${table.name}: got 2^${height}, expected 2^${table.minLogHeight} to 2^${table.maxLogHeight}`,
      );
    }
  }
  return undefined;
}

/** Reads a proof made with exactly these parameters for this AIR. Never throws. */
export function decodeProof(air: Air, parameters: ProofParameters, bytes: Uint8Array): DecodedProof {
  const reader = new Reader(bytes);
  if (!sameBytes(reader.bytes(4), PROOF_MAGIC))
    return reject('NOT_A_PROOF', 'the first four bytes are not "CSTK"');
  const version = reader.word();
  if (reader.failure !== undefined) return reader.failure;
  if (version !== PROOF_VERSION) {
    return reject('UNKNOWN_VERSION', `proof version: got ${version}, expected ${PROOF_VERSION}`);
  }
  const expected = parameterWords(parameters);
  const words = reader.many(expected.length, () => reader.word());
  if (reader.failure !== undefined) return reader.failure;
  if (words.some((word, i) => word !== expected[i])) {
    return reject(
      'WRONG_PARAMETERS',
      `proof parameters: ${words
        .flatMap((word, i) =>
          word === expected[i] ? [] : [`got ${PARAMETER_NAMES[i]} ${word}, expected ${expected[i]}`],
        )
        .join('; ')}`,
    );
  }
  const logHeights = reader.many(air.tables.length, () => reader.word());
  const salt = reader.word();
  if (reader.failure !== undefined) return reader.failure;
  const badHeight = checkHeights(air, parameters, logHeights);
  if (badHeight !== undefined) return badHeight;

  const layout = proofLayout(air, parameters, logHeights);
  const { grinding } = parameters;
  const { digestBytes } = hashSuite(parameters.hash);
  const nonce = (bits: number): Nonce => (bits > 0 ? [reader.word(), reader.word()] : [0, 0]);
  const digests = (count: number) => reader.many(count, () => reader.digest(digestBytes));
  const caps = layout.trees.flatMap((_, tree) =>
    capInKey(layout, tree) ? [] : [digests(2 ** layout.treeShape.logCap)],
  );
  const lookupNonce = layout.lookupTables.length > 0 ? nonce(grinding.lookup) : ([0, 0] as const);
  const claimedSums = reader.many(layout.lookupTables.length, () => reader.secure());
  const pointNonce = nonce(grinding.point);
  const samples = reader.many(layout.columns.length, () => reader.secure());
  const nextSamples = reader.many(layout.nextColumns.length, () => reader.secure());
  const deepNonce = nonce(grinding.deep);
  const friCaps: Uint8Array[][] = [];
  const foldNonces: Nonce[] = [];
  for (const layer of layout.friLayers) {
    friCaps.push(digests(2 ** layer.shape.logCap));
    foldNonces.push(nonce(grinding.fold));
  }
  const lastLayer = reader.many(2 ** layout.logLastLayer, () => reader.secure());
  const queryNonce = nonce(grinding.query);
  const queries = reader.many(parameters.queryCount, (): QueryOpening => {
    const rows: M31[][] = [];
    const paths: Uint8Array[][] = [];
    for (const tree of layout.trees) {
      rows.push(reader.many(tree.columns.length, () => reader.element()));
      paths.push(digests(pathLength(layout.treeShape)));
    }
    const friValues: QM31[][] = [];
    const friPaths: Uint8Array[][] = [];
    for (const layer of layout.friLayers) {
      friValues.push(reader.many(2 ** layer.logFold, () => reader.secure()));
      friPaths.push(digests(pathLength(layer.shape)));
    }
    return { rows, paths, friValues, friPaths };
  });
  if (reader.failure !== undefined) return reader.failure;
  if (!reader.isAtEnd) return reject('TRAILING_BYTES', 'bytes follow the end of the proof');
  return {
    ok: true,
    layout,
    proof: {
      parameters,
      logHeights,
      salt,
      caps,
      lookupNonce,
      claimedSums,
      pointNonce,
      samples,
      nextSamples,
      deepNonce,
      friCaps,
      foldNonces,
      lastLayer,
      queryNonce,
      queries,
    },
  };
}
