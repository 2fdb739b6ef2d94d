// Prints the unrolled field kernels as AssemblyScript.
//
// A felt is nine 29-bit limbs in 32-bit words, in Montgomery form with R = 2^261. Kernels read limbs as signed
// numbers of magnitude below 2^29 and write "carried" ones: limbs 0–7 in [0, 2^29), the top limb signed. A product
// leaves a value in (−p − ε, ε); sums of a few of them need no reduction, because R/p = 2^10.
//
// Products are scanned row by row (V8 allocates registers 30 % better for it than for column sums). One row is
// reduced at once: p = 1 + 17·2^18·B^6 + 2^19·B^8 with B = 2^29, so subtracting (t0 mod B)·p clears the low limb.

const LIMB_COUNT = 9;
export const LIMB_BITS = 29;
export const LIMB_MASK = '0x1fffffff';
const SIXTH_LIMB_OF_P = '0x440000';
const TOP_LIMB_SHIFT = 19;

const limbs = Array.from({ length: LIMB_COUNT }, (_, i) => i);

/** Text that loads limb `j` of the felt at `pointer` as i64. */
export function loadLimb(pointer, j) {
  return `i64.load32_s(${pointer}, ${4 * j})`;
}

/** Lines that divide the accumulators t0…t8 by B modulo p and leave t8 free. */
export function reduceRow() {
  const lines = [`m = t0 & ${LIMB_MASK};`, `t0 = t1 + (t0 >> ${LIMB_BITS});`];
  for (let j = 1; j < LIMB_COUNT - 1; j++) {
    const minus = { 5: ` - m * ${SIXTH_LIMB_OF_P}`, 7: ` - (m << ${TOP_LIMB_SHIFT})` }[j] ?? '';
    lines.push(`t${j} = t${j + 1}${minus};`);
  }
  return lines;
}

/** Lines that carry t0…t7 into locals or memory; `store(j, text)` prints what becomes of limb j. */
export function carry(store) {
  const lines = [];
  for (let j = 0; j < LIMB_COUNT - 1; j++) {
    lines.push(store(j, `t${j} & ${LIMB_MASK}`), `t${j + 1} += t${j} >> ${LIMB_BITS};`);
  }
  return [...lines, store(LIMB_COUNT - 1, `t${LIMB_COUNT - 1}`)];
}

/** Lines that accumulate rows of x·column products into t0…t8 and reduce each row. */
export function productRows(terms) {
  const lines = [];
  for (const i of limbs) {
    terms.forEach(({ row, column, sign = '+' }, k) => {
      lines.push(`x = ${row(i)};`);
      for (const j of limbs) {
        const fresh = k === 0 && (i === 0 || j === LIMB_COUNT - 1);
        lines.push(fresh ? `t${j} = x * ${column(j)};` : `t${j} ${sign}= x * ${column(j)};`);
      }
    });
    lines.push(...reduceRow());
  }
  return lines;
}

/** Lines that accumulate scale·a² (each mixed product once, doubled) and reduce each row. */
export function squareRows(limb, scale = 1) {
  const lines = [];
  for (const i of limbs) {
    lines.push(`x = ${limb(i)}${scale === 1 ? '' : ` * ${scale}`};`);
    for (let j = i; j < LIMB_COUNT; j++) {
      const product = `x * ${limb(j)}`;
      lines.push(i === 0 || j === LIMB_COUNT - 1 ? `t${j} = ${product};` : `t${j} += ${product};`);
      if (j === i) lines.push('x = x << 1;');
    }
    lines.push(...reduceRow());
  }
  return lines;
}

export const ACCUMULATORS = `let x: i64, m: i64, ${limbs.map((j) => `t${j}: i64 = 0`).join(', ')};`;

function preload(name) {
  return limbs.map((j) => `const ${name}${j}: i64 = ${loadLimb(name, j)};`);
}

function addAddends(addends) {
  const lines = ['t8 = 0;'];
  for (const [pointer, coefficient] of addends) {
    for (const j of limbs) {
      const times = Math.abs(coefficient) === 1 ? '' : ` * ${Math.abs(coefficient)}`;
      lines.push(`t${j} ${coefficient < 0 ? '-' : '+'}= ${loadLimb(pointer, j)}${times};`);
    }
  }
  return lines;
}

function printFunction(name, summary, parameters, lines) {
  const body = lines.map((line) => `  ${line}`).join('\n');
  return `/** ${summary} */\nexport function ${name}(${parameters}): void {\n${body}\n}\n`;
}

const storeToOut = (j, text) => `i64.store32(out, ${text}, ${4 * j});`;

function productKernel(name, summary, parameters, terms, addends = []) {
  const columns = [...new Set(terms.map((term) => term.column))];
  const rows = terms.map(({ row, column, sign }) => ({ row, column: (j) => `${column}${j}`, sign }));
  const all = ['out: usize', ...parameters.map((p) => (p === 'sign' ? 'sign: i64' : `${p}: usize`))].join(
    ', ',
  );
  return printFunction(name, summary, all, [
    ...columns.flatMap(preload),
    ACCUMULATORS,
    ...productRows(rows),
    ...addAddends(addends),
    ...carry(storeToOut),
  ]);
}

function squareKernel(name, summary, parameters, scale, addends = []) {
  const all = ['out: usize', ...parameters.map((p) => `${p}: usize`)].join(', ');
  return printFunction(name, summary, all, [
    ...preload('a'),
    ACCUMULATORS,
    ...squareRows((j) => `a${j}`, scale),
    ...addAddends(addends),
    ...carry(storeToOut),
  ]);
}

const plain =
  (pointer, scale = 1) =>
  (i) =>
    loadLimb(pointer, i) + (scale === 1 ? '' : ` * ${scale}`);
const signed = (pointer) => (i) => `(${loadLimb(pointer, i)} ^ sign) - sign`;
const difference = (a, b) => (i) => `${loadLimb(a, i)} - ${loadLimb(b, i)}`;

/** The text of the module `feltKernels`. `sign` parameters are 0 for plus and −1 for minus. */
export function feltKernelsText() {
  return [
    productKernel('feltMul', 'a·b', ['a', 'b'], [{ row: plain('a'), column: 'b' }]),
    productKernel('feltMulDouble', '2·a·b', ['a', 'b'], [{ row: plain('a', 2), column: 'b' }]),
    productKernel('feltMulSub', 'a·b − c', ['a', 'b', 'c'], [{ row: plain('a'), column: 'b' }], [['c', -1]]),
    productKernel(
      'feltMulSignedSub',
      '(±a)·b − c',
      ['a', 'sign', 'b', 'c'],
      [{ row: signed('a'), column: 'b' }],
      [['c', -1]],
    ),
    productKernel('feltMulDiff', '(a − b)·c', ['a', 'b', 'c'], [{ row: difference('a', 'b'), column: 'c' }]),
    productKernel(
      'feltMulSignedDiff',
      '(±a − b)·c',
      ['a', 'sign', 'b', 'c'],
      [{ row: (i) => `${signed('a')(i)} - ${loadLimb('b', i)}`, column: 'c' }],
    ),
    productKernel(
      'feltMulDiffSub',
      '(a − b)·c − d',
      ['a', 'b', 'c', 'd'],
      [{ row: difference('a', 'b'), column: 'c' }],
      [['d', -1]],
    ),
    productKernel(
      'feltMulDiffSubMul',
      '(a − b)·c − d·e',
      ['a', 'b', 'c', 'd', 'e'],
      [
        { row: difference('a', 'b'), column: 'c' },
        { row: plain('d'), column: 'e', sign: '-' },
      ],
    ),
    squareKernel('feltSqr', 'a²', ['a'], 1),
    squareKernel('feltSqrDouble', '2·a²', ['a'], 2),
    squareKernel('feltSqrTripleAdd', '3·a² + b', ['a', 'b'], 3, [['b', 1]]),
    squareKernel('feltSqrSubDouble', 'a² − 2·b', ['a', 'b'], 1, [['b', -2]]),
    squareKernel('feltSqrSub', 'a² − b − c', ['a', 'b', 'c'], 1, [
      ['b', -1],
      ['c', -1],
    ]),
    squareKernel('feltSqrSubSubDouble', 'a² − b − 2·c', ['a', 'b', 'c'], 1, [
      ['b', -1],
      ['c', -2],
    ]),
  ].join('\n');
}
