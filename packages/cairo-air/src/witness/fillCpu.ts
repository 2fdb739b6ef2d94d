import { CairnError, feltAdd, feltMul } from '@cairn/primitives';
import { BLAKE_FIELDS, INSTRUCTION_FIELDS } from '../air/buses.ts';
import { EXTENSION_NAMES, FLAG_NAMES, OFFSET_PARTS } from '../air/decodeTable.ts';
import { GROUP_COUNT } from '../air/valueForm.ts';
import type { CairoAirErrorCode } from '../errors.ts';
import { element, inverseOf, logHeightFor, TableColumns } from './tableColumns.ts';
import type { Witness } from './witness.ts';

/** Registers before each step of a run, in flat addresses. */
export interface Steps {
  readonly pc: Uint32Array;
  readonly ap: Uint32Array;
  readonly fp: Uint32Array;
}

const BIAS = 2 ** 15;
const FIELD_COUNT = INSTRUCTION_FIELDS.length;

/** Positions of fields in what the CPU reads. */
const AT = Object.fromEntries(INSTRUCTION_FIELDS.map((name, i) => [name, i])) as Record<
  (typeof INSTRUCTION_FIELDS)[number],
  number
>;

/** Decoded instructions: a row for each pc. */
interface Instructions {
  /** Row by address, -1 where no instruction was executed. */
  readonly rows: Int32Array;
  /** Fields as the CPU reads them, signed, FIELD_COUNT for each row. */
  readonly fields: Int32Array;
  /** Opcode extension of each row. */
  readonly blakes: Uint8Array;
  readonly uses: Uint32Array;
}

function fillInstructions(witness: Witness, steps: Steps, hasBlake: boolean): Instructions {
  const { memory, values, ranges, tables } = witness;
  const rows = new Int32Array(memory.ids.length).fill(-1);
  const pcs: number[] = [];
  for (let step = 0; step < steps.pc.length; step++) {
    const pc = steps.pc[step]!;
    if (rows[pc]! < 0) rows[pc] = pcs.push(pc) - 1;
  }
  const table = new TableColumns(logHeightFor(pcs.length));
  const [pcColumn, idColumn, uses] = [table.column('pc'), table.column('id'), table.column('uses')];
  const parts = OFFSET_PARTS.map(({ name }) => table.column(name));
  const flags = FLAG_NAMES.map((name) => table.column(name));
  const extensions = hasBlake ? EXTENSION_NAMES.map((name) => table.column(name)) : [];
  const fields = new Int32Array(table.height * FIELD_COUNT);
  const blakes = new Uint8Array(table.height);
  for (let row = 0; row < table.height; row++) {
    // Rows beyond the instructions repeat the first.
    const pc = pcs[row] ?? pcs[0]!;
    const id = memory.read(pc);
    pcColumn[row] = pc;
    idColumn[row] = id;
    values.use('groups', id);
    const [g0, g1, g2] = [values.group(id, 0), values.group(id, 1), values.group(id, 2)];
    for (let g = 2; g < GROUP_COUNT; g++) {
      const extension = values.group(id, 2) >>> 9;
      const isKnown = extension === 0 || (hasBlake && extension < 3);
      if (g === 2 ? isKnown : values.group(id, g) === 0) continue;
      throw new CairnError<CairoAirErrorCode>(
        'UNPROVABLE_RUN',
        `instruction at ${pc}: got 0x${values.felt(id).toString(16)}, which no table of this layout proves`,
      );
    }
    const cut = [
      g0 & 511,
      (g0 >>> 9) & 127,
      (g0 >>> 16) & 511,
      g0 >>> 25,
      g1 & 31,
      (g1 >>> 5) & 511,
      (g1 >>> 14) & 127,
    ];
    cut.forEach((value, i) => {
      parts[i]![row] = value;
    });
    const word = (g1 >>> 21) | ((g2 & 511) << 6);
    blakes[row] = g2 >>> 9;
    if (blakes[row] !== 0) extensions[blakes[row] - 1]![row] = 1;
    flags.forEach((column, i) => {
      column[row] = (word >>> i) & 1;
    });
    writeFields(fields, row * FIELD_COUNT, cut, word);
  }
  ranges.nineBits(
    OFFSET_PARTS.flatMap(({ scale }, i) =>
      scale === 1 ? [parts[i]!] : [parts[i]!, parts[i]!.map((v) => v * scale)],
    ),
  );
  tables.instructions = table;
  return { rows, fields, blakes, uses };
}

/** What the decode table gives the CPU. */
function writeFields(fields: Int32Array, at: number, cut: readonly number[], word: number): void {
  const flag = (name: (typeof FLAG_NAMES)[number]) => (word >>> FLAG_NAMES.indexOf(name)) & 1;
  const stays = 1 - flag('ap add');
  const deref = 1 - flag('op1 imm') - flag('op1 fp') - flag('op1 ap');
  const set = (name: (typeof INSTRUCTION_FIELDS)[number], value: number) => {
    fields[at + AT[name]] = value;
  };
  set('offDst', (cut[0]! + 512 * cut[1]! - BIAS) * stays);
  set('offOp0', cut[2]! + 512 * cut[3]! + 2048 * cut[4]! - BIAS);
  set('offOp1', cut[5]! + 512 * cut[6]! - BIAS);
  set('dstFp', flag('dst fp') * stays);
  set('op0Fp', flag('op0 fp'));
  set('imm', flag('op1 imm'));
  set('op1Fp', flag('op1 fp'));
  set('op1Ap', flag('op1 ap'));
  set('arithmetic', flag('res add') + flag('res mul'));
  set('product', flag('res mul'));
  set('jumpAbs', flag('pc abs'));
  set('jumpRel', flag('pc rel'));
  set('jnz', flag('pc jnz'));
  set('apAdd', flag('ap add'));
  set('apOne', flag('ap one'));
  set('call', flag('call'));
  set('frame', flag('call') + flag('ret'));
  set('assertEq', flag('assert eq'));
  set('readsOp0', deref | flag('call'));
}

/** Fills the CPU's table and that of instructions; asks for sums and products. */
export function fillCpu(witness: Witness, steps: Steps, hasBlake: boolean): void {
  const { memory, values, sums, products, tables } = witness;
  const stepCount = steps.pc.length;
  const { rows, fields, blakes, uses } = fillInstructions(witness, steps, hasBlake);
  const table = new TableColumns(logHeightFor(stepCount));
  const [pcs, aps, fps] = [table.column('pc'), table.column('ap'), table.column('fp')];
  const fieldColumns = INSTRUCTION_FIELDS.map((name) => table.column(name));
  const blakeColumns = hasBlake ? BLAKE_FIELDS.map((name) => table.column(name)) : [];
  const [idDsts, idOp0s, idOp1s, idRess] = [
    table.column('id dst'),
    table.column('id op0'),
    table.column('id op1'),
    table.column('id res'),
  ];
  const [dsts, op0s, ress] = [table.column('dst'), table.column('op0'), table.column('res')];
  const [smalls, takens, inverses, readsRess] = [
    table.column('small'),
    table.column('taken'),
    table.column('inverse'),
    table.column('reads res'),
  ];
  const signed = (id: number, row: number): number => {
    const value = values.signed(id);
    if (!Number.isNaN(value)) return value;
    throw new CairnError<CairoAirErrorCode>(
      'UNPROVABLE_RUN',
      `step ${row}: got ${values.felt(id)} as an address or a distance, expected at most 27 bits`,
    );
  };
  for (let row = 0; row < table.height; row++) {
    // Rows beyond the run repeat its last step.
    const step = row < stepCount ? row : stepCount - 1;
    const [pc, ap, fp] = [steps.pc[step]!, steps.ap[step]!, steps.fp[step]!];
    pcs[row] = pc;
    aps[row] = ap;
    fps[row] = fp;
    const decoded = rows[pc]!;
    uses[decoded] = uses[decoded]! + 1;
    const at = decoded * FIELD_COUNT;
    for (let i = 0; i < FIELD_COUNT; i++) fieldColumns[i]![row] = element(fields[at + i]!);
    const get = (index: number) => fields[at + index]!;
    const idDst = memory.read((get(AT.dstFp) ? fp : ap) + get(AT.offDst));
    const idOp0 = memory.read((get(AT.op0Fp) ? fp : ap) + get(AT.offOp0));
    const isDeref = !(get(AT.imm) || get(AT.op1Fp) || get(AT.op1Ap));
    const op1Base = get(AT.imm) ? pc : get(AT.op1Fp) ? fp : get(AT.op1Ap) ? ap : signed(idOp0, row);
    const idOp1 = memory.read(op1Base + get(AT.offOp1));
    const isArithmetic = get(AT.arithmetic) === 1;
    const isProduct = get(AT.product) === 1;
    const jumps = get(AT.jumpAbs) || get(AT.jumpRel) || get(AT.apAdd);

    let idRes = idOp1;
    let isSmall = false;
    if (isArithmetic) {
      idRes = get(AT.assertEq) ? idDst : resultOf(values, isProduct, idOp0, idOp1);
      isSmall =
        !isProduct &&
        !jumps &&
        !Number.isNaN(values.signed(idOp0) + values.signed(idOp1) + values.signed(idRes));
      if (!isSmall) (isProduct ? products : sums).push([idOp0, idOp1, idRes]);
    }
    idDsts[row] = idDst;
    idOp0s[row] = idOp0;
    idOp1s[row] = idOp1;
    idRess[row] = idRes;
    const extension = blakes[decoded]!;
    if (extension !== 0) {
      blakeColumns[0]![row] = 1;
      blakeColumns[1]![row] = extension - 1;
      witness.blakes.push({ isFinal: extension === 2, dst: idDst, op0: idOp0, op1: idOp1, ap });
    }
    const isTaken = get(AT.jnz) === 1 && idDst !== 0;
    if (isTaken) {
      takens[row] = 1;
      inverses[row] = inverseOf(idDst);
    }
    if (isSmall) {
      smalls[row] = 1;
      values.use('signed', idOp1);
    }
    if (get(AT.frame)) {
      dsts[row] = element(signed(idDst, row));
      values.use('signed', idDst);
    }
    if (isDeref || get(AT.call) || isSmall) {
      op0s[row] = element(signed(idOp0, row));
      values.use('signed', idOp0);
    }
    if (jumps || isTaken || isSmall) {
      readsRess[row] = 1;
      ress[row] = element(signed(idRes, row));
      values.use('signed', idRes);
    }
  }
  tables.cpu = table;
}

/** The id of a result that stands in no cell. */
function resultOf(values: Witness['values'], isProduct: boolean, a: number, b: number): number {
  const [x, y] = [values.felt(a), values.felt(b)];
  return values.idOfFelt(isProduct ? feltMul(x, y) : feltAdd(x, y));
}
