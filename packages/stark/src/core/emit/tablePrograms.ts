import type { Air, Table } from '../air/ir.ts';
import { QM31_DEGREE } from '../field/qm31.ts';
import { committedTrees } from '../proof/proofLayout.ts';
import {
  POWER_SLOT,
  type ProgramOperand,
  type ProgramOperation,
  SUM_SLOT,
  type TableProgram,
} from './program.ts';
import { allocateSlots } from './slots.ts';

const SUM: ProgramOperand = { kind: 'slot', slot: SUM_SLOT };
const POWER: ProgramOperand = { kind: 'slot', slot: POWER_SLOT };
const ZERO: ProgramOperand = { kind: 'constant', value: 0 };
const COEFFICIENT: ProgramOperand = { kind: 'compositionCoefficient' };

/** Where in a proof's samples each column is, by tree, table and column. */
function sampleIndices(air: Air) {
  const trees = committedTrees(
    air,
    air.tables.map((table) => table.minLogHeight),
  );
  const own = new Map<string, ProgramOperand>();
  const next = new Map<string, ProgramOperand>();
  let index = 0;
  let nextIndex = 0;
  for (const { name, columns } of trees) {
    for (const { table, column, hasNext } of columns) {
      const key = `${name === 'interaction' ? 'sum' : 'cell'} ${table} ${column}`;
      own.set(key, { kind: 'sample', index: index++ });
      if (hasNext) next.set(key, { kind: 'nextSample', index: nextIndex++ });
    }
  }
  return (kind: 'sum' | 'cell', table: number, column: number, isNext: boolean): ProgramOperand =>
    (isNext ? next : own).get(`${kind} ${table} ${column}`)!;
}

/** Writes the operations of one table, each value under a number of its own. */
class TableWriter {
  readonly operations: ProgramOperation[] = [];
  readonly #air: Air;
  readonly #table: Table;
  readonly #t: number;
  readonly #sample: ReturnType<typeof sampleIndices>;
  readonly #nodes = new Map<number, ProgramOperand>();
  #valueCount = POWER_SLOT + 1;

  constructor(air: Air, t: number, sample: ReturnType<typeof sampleIndices>) {
    this.#air = air;
    this.#table = air.tables[t]!;
    this.#t = t;
    this.#sample = sample;
  }

  #make(op: 'add' | 'sub' | 'mul', a: ProgramOperand, b: ProgramOperand): ProgramOperand {
    const slot = this.#valueCount++;
    this.operations.push({ op, target: slot, a, b });
    return { kind: 'slot', slot };
  }

  #node(index: number): ProgramOperand {
    const known = this.#nodes.get(index);
    if (known !== undefined) return known;
    const node = this.#table.nodes[index]!;
    const made = ((): ProgramOperand => {
      switch (node.op) {
        case 'const':
          return { kind: 'constant', value: node.value };
        case 'public':
          return { kind: 'public', index: node.index };
        case 'column':
          return this.#sample('cell', this.#t, node.column, node.next);
        case 'selector':
          return { kind: 'selector', table: this.#t, row: node.row };
        default:
          return this.#make(node.op, this.#node(node.a), this.#node(node.b));
      }
    })();
    this.#nodes.set(index, made);
    return made;
  }

  /** The value of a batch's column of sums, joined from its coordinates. */
  #sum(batch: number, isNext: boolean): ProgramOperand {
    const part = (c: number) => this.#sample('sum', this.#t, QM31_DEGREE * batch + c, isNext);
    const slot = this.#valueCount++;
    this.operations.push({ op: 'join', target: slot, parts: [part(0), part(1), part(2), part(3)] });
    return { kind: 'slot', slot };
  }

  #accumulate(value: ProgramOperand): void {
    this.operations.push(
      { op: 'add', target: SUM_SLOT, a: SUM, b: this.#make('mul', POWER, value) },
      { op: 'mul', target: POWER_SLOT, a: POWER, b: COEFFICIENT },
    );
  }

  constraints(): void {
    for (const { node } of this.#table.constraints) this.#accumulate(this.#node(node));
  }

  #fraction(batch: readonly number[]): { numerator: ProgramOperand; denominator: ProgramOperand } {
    let fraction: { numerator: ProgramOperand; denominator: ProgramOperand } | undefined;
    for (const e of batch) {
      const entry = this.#table.entries[e]!;
      let d = this.#make(
        'sub',
        { kind: 'constant', value: this.#air.buses[entry.bus]!.id },
        { kind: 'lookupPoint' },
      );
      entry.tuple.forEach((node, i) => {
        d = this.#make('add', d, this.#make('mul', this.#node(node), { kind: 'alphaPower', power: i + 1 }));
      });
      const value = this.#node(entry.multiplicity);
      const m = entry.kind === 'use' ? value : this.#make('sub', ZERO, value);
      fraction =
        fraction === undefined
          ? { numerator: m, denominator: d }
          : {
              numerator: this.#make(
                'add',
                this.#make('mul', fraction.numerator, d),
                this.#make('mul', m, fraction.denominator),
              ),
              denominator: this.#make('mul', fraction.denominator, d),
            };
    }
    return fraction!;
  }

  lookups(): void {
    let earlier: ProgramOperand | undefined;
    this.#table.batches.forEach((batch, k) => {
      const own = this.#sum(k, false);
      let sum = own;
      if (k === this.#table.batches.length - 1) {
        sum = this.#make('sub', this.#sum(k, true), own);
        sum = this.#make('add', sum, { kind: 'meanSum', table: this.#t });
        if (earlier !== undefined) sum = this.#make('sub', sum, earlier);
      } else earlier = earlier === undefined ? own : this.#make('add', earlier, own);
      const { numerator, denominator } = this.#fraction(batch);
      this.#accumulate(this.#make('sub', this.#make('mul', sum, denominator), numerator));
    });
  }
}

/**
 * The verifier's evaluation of all constraints at the out-of-domain point as one program per table, to be run in order: the
 * same constraints, look-up sums and powers of γ in the same order as `constraintsAtPoint`. Slot {@link SUM_SLOT} holds the
 * result after the last. Heights come in through the operands alone, so the programs are those of every statement.
 */
export function tablePrograms(air: Air): TableProgram[] {
  const sample = sampleIndices(air);
  return air.tables.map((_, table) => {
    const writer = new TableWriter(air, table, sample);
    writer.constraints();
    writer.lookups();
    return { table, ...allocateSlots(writer.operations) };
  });
}
