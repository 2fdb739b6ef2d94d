// The bytes of WebAssembly modules, as far as the emitter needs them. @see WebAssembly core specification, chapter 5.

/** Unsigned LEB128. */
export function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit integer. */
function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const simd = (opcode: number) => [0xfd, ...leb(opcode)];
const shuffle = (lanes: readonly number[]) => [
  ...simd(0x0d),
  ...lanes.flatMap((lane) => [0, 1, 2, 3].map((b) => 4 * lane + b)),
];

/** Instructions, as bytes. Offsets are static, addresses on the stack. */
export const OP = {
  localGet: (index: number) => [0x20, ...leb(index)],
  localSet: (index: number) => [0x21, ...leb(index)],
  localTee: (index: number) => [0x22, ...leb(index)],
  i32Const: (value: number) => [0x41, ...signedLeb(value)],
  i32Load: (offset: number) => [0x28, 2, ...leb(offset)],
  i32Add: [0x6a],
  i32LtU: [0x49],
  loop: [0x03, 0x40],
  brIf: (depth: number) => [0x0d, ...leb(depth)],
  end: [0x0b],
  v128Load: [...simd(0x00), 0, 0],
  v128Load32Splat: (offset: number) => [...simd(0x09), 2, ...leb(offset)],
  v128Store: [...simd(0x0b), 0, 0],
  i32x4Add: simd(0xae),
  i32x4Sub: simd(0xb1),
  i32x4MinU: simd(0xb7),
  i32x4ShrU: simd(0xad),
  i64x2ExtmulLowU: simd(0xde),
  i64x2ExtmulHighU: simd(0xdf),
  shuffleEven: shuffle([0, 2, 4, 6]),
  shuffleOdd: shuffle([1, 3, 5, 7]),
} as const;

const section = (id: number, content: readonly number[]) => [id, ...leb(content.length), ...content];
const vector = (items: readonly (readonly number[])[]) => [...leb(items.length), ...items.flat()];
const text = (value: string) => {
  const bytes = [...new TextEncoder().encode(value)];
  return [...leb(bytes.length), ...bytes];
};

/** A function of six i32 parameters without result, whose locals are `vectorCount` v128. */
export interface EncodedFunction {
  readonly name: string;
  readonly vectorCount: number;
  readonly body: readonly number[];
}

/** A module that imports env.memory (shared) and exports the functions. */
export function encodeModule(functions: readonly EncodedFunction[]): Uint8Array<ArrayBuffer> {
  const parts: (readonly number[])[] = [
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, vector([[0x60, ...vector(Array.from({ length: 6 }, () => [0x7f])), 0]])),
    section(2, vector([[...text('env'), ...text('memory'), 0x02, 0x03, ...leb(2), ...leb(65536)]])),
    section(3, vector(functions.map(() => [0]))),
    section(7, vector(functions.map(({ name }, i) => [...text(name), 0x00, ...leb(i)]))),
  ];
  const bodies = functions.map(({ vectorCount, body }) => {
    const header = [...vector([[...leb(vectorCount), 0x7b]])];
    return { header, body, size: header.length + body.length + 1 };
  });
  const code: number[] = [...leb(functions.length)];
  for (const { header, body, size } of bodies) {
    for (const byte of leb(size)) code.push(byte);
    for (const byte of header) code.push(byte);
    for (const byte of body) code.push(byte);
    code.push(0x0b);
  }
  const codeHeader = [10, ...leb(code.length)];
  const total = parts.reduce((n, part) => n + part.length, 0) + codeHeader.length + code.length;
  const out = new Uint8Array(total);
  let at = 0;
  for (const part of [...parts, codeHeader, code]) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
