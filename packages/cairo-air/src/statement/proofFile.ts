import type { BuiltinName } from '@cairn/cairo';
import { bigIntToBytes, bytesToBigInt, concatBytes, type Felt } from '@cairn/primitives';
import { PROVABLE_BUILTINS } from '../air/layout.ts';
import type { CairoStatement, SegmentBounds } from './cairoStatement.ts';

/** Version of the proof file's form. */
export const CAIRO_PROOF_VERSION = 1;
const MAGIC = 'CAIRNAIR';
const FELT_BYTES = 32;

/** A proof file: layout, statement, ids of the statement's values, and the proof of the STARK. */
export interface CairoProofFile {
  readonly layoutName: string;
  readonly statement: CairoStatement;
  readonly ids: readonly number[];
  readonly stark: Uint8Array;
}

const BUILTIN_NAMES = PROVABLE_BUILTINS.map(({ name }) => name);

/** The file as bytes: its head and the proof. */
export function encodeProofFile(file: CairoProofFile): Uint8Array {
  return concatBytes(encodeProofHead(file), file.stark);
}

/** All but the proof. */
export function encodeProofHead({ layoutName, statement, ids }: Omit<CairoProofFile, 'stark'>): Uint8Array {
  return concatBytes(encodeHeadPrefix(layoutName), encodeProgram(statement), encodeRun(statement, ids));
}

/** 32-bit words, big-endian. */
function words(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setUint32(4 * i, value);
  });
  return bytes;
}

/** A counted list of felts. */
function felts(values: readonly Felt[]): Uint8Array {
  return concatBytes(words([values.length]), ...values.map((value) => bigIntToBytes(value, FELT_BYTES)));
}

/** The first part of a head: magic, version, layout. */
export function encodeHeadPrefix(layoutName: string): Uint8Array {
  const name = new TextEncoder().encode(layoutName);
  return concatBytes(new TextEncoder().encode(MAGIC), words([CAIRO_PROOF_VERSION, name.length]), name);
}

/** The second part of a head: the program, as a counted list of felts. */
export function encodeProgram({ program }: Pick<CairoStatement, 'program'>): Uint8Array {
  return felts(program);
}

/** The last part of a head: what the statement says beside the program, and the ids; counted lists of words and felts. */
export function encodeRun(statement: CairoStatement, ids: readonly number[]): Uint8Array {
  const segments = (list: readonly SegmentBounds[]): Uint8Array =>
    words([
      list.length,
      ...list.flatMap(({ name, start, stop }) => [BUILTIN_NAMES.indexOf(name), start, stop]),
    ]);
  return concatBytes(
    felts(statement.output),
    words([statement.entryOffset, statement.initialAp, statement.finalAp]),
    segments(statement.builtins),
    segments(statement.unusedBuiltins),
    words([ids.length, ...ids]),
  );
}

/** Reads bytes from the front; says `false` from the first read beyond the end on. */
class Reader {
  isGood = true;
  #at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) {
      this.isGood = false;
      return new Uint8Array(0);
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  word(): number {
    const bytes = this.take(4);
    return bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  }

  /** A counted list; the count can not exceed what is left. */
  list<T>(itemBytes: number, read: () => T): T[] {
    const count = this.word();
    if (this.#at + count * itemBytes > this.#bytes.length) {
      this.isGood = false;
      return [];
    }
    return Array.from({ length: count }, read);
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }
}

/** Reads a file; undefined for what is none, or of another version. */
export function decodeProofFile(bytes: Uint8Array): CairoProofFile | undefined {
  const reader = new Reader(bytes);
  const magic = new TextEncoder().encode(MAGIC);
  if (!reader.take(magic.length).every((byte, i) => byte === magic[i]) || !reader.isGood) return undefined;
  if (reader.word() !== CAIRO_PROOF_VERSION) return undefined;
  const nameBytes = reader.take(reader.word());
  const layoutName = String.fromCharCode(...nameBytes.subarray(0, 256));
  const felt = () => bytesToBigInt(reader.take(FELT_BYTES));
  const program = reader.list(FELT_BYTES, felt);
  const output = reader.list(FELT_BYTES, felt);
  const [entryOffset, initialAp, finalAp] = [reader.word(), reader.word(), reader.word()];
  let isKnown = true;
  const segment = (): SegmentBounds => {
    const name: BuiltinName | undefined = BUILTIN_NAMES[reader.word()];
    isKnown &&= name !== undefined;
    return { name: name ?? 'output', start: reader.word(), stop: reader.word() };
  };
  const builtins = reader.list(12, segment);
  const unusedBuiltins = reader.list(12, segment);
  const ids = reader.list(4, () => reader.word());
  if (!reader.isGood || !isKnown) return undefined;
  const statement = { program, output, entryOffset, initialAp, finalAp, builtins, unusedBuiltins };
  return { layoutName, statement, ids, stark: reader.rest() };
}
