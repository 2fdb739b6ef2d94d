import type { Air, Table } from '../../core/air/ir.ts';
import { QM31_DEGREE } from '../../core/field/qm31.ts';
import {
  KernelEmitter,
  nodeEmitter,
  type Secure,
  selectorColumns,
  type TableKernel,
  type Vector,
} from './kernelEmitter.ts';
import { encodeModule } from './wasmEncoder.ts';

// Per table one function that sums up its constraints over the positions of a domain, and one that gives numerators and
// denominators of its look-ups over the rows of the trace.

/** Emits numerator and denominator of a batch. */
function emitFraction(
  air: Air,
  table: Table,
  batch: readonly number[],
  emitter: KernelEmitter,
  node: (n: number) => Vector,
) {
  let numerator: Secure | undefined;
  let denominator: Secure | undefined;
  const zero = emitter.constant({ kind: 'value', value: 0 });
  for (const index of batch) {
    const entry = table.entries[index]!;
    let d = emitter.secureConstant((c) => ({ kind: 'bus', id: air.buses[entry.bus]!.id, c }));
    entry.tuple.forEach((value, i) => {
      const v = node(value);
      const term = [0, 1, 2, 3].map((c) =>
        emitter.mulDoubled(v, emitter.constant({ kind: 'alpha', power: i + 1, c }, true)),
      );
      d = emitter.addSecure(d, term as unknown as Secure);
    });
    const value = node(entry.multiplicity);
    const m = entry.kind === 'use' ? value : emitter.sub(zero, value);
    if (numerator === undefined || denominator === undefined) {
      numerator = [m, zero, zero, zero];
      denominator = d;
    } else {
      numerator = emitter.addSecure(emitter.mulSecure(numerator, d), emitter.scaleSecure(denominator, m));
      denominator = emitter.mulSecure(denominator, d);
    }
  }
  return { numerator: numerator!, denominator: denominator! };
}

function emitComposition(air: Air, table: Table, name: string) {
  const emitter = new KernelEmitter();
  const node = nodeEmitter(table, emitter);
  const zero = emitter.constant({ kind: 'value', value: 0 });
  let sum: Secure = [zero, zero, zero, zero];
  table.constraints.forEach((constraint, k) => {
    const value = node(constraint.node);
    const term = [0, 1, 2, 3].map((c) =>
      emitter.mulDoubled(value, emitter.constant({ kind: 'coefficient', k, c }, true)),
    );
    sum = emitter.addSecure(sum, term as unknown as Secure);
  });
  const { sums } = selectorColumns(table);
  let earlier: Secure = [zero, zero, zero, zero];
  table.batches.forEach((batch, b) => {
    const column = (next: boolean) =>
      [0, 1, 2, 3].map((c) => emitter.column(sums + QM31_DEGREE * b + c, next)) as unknown as Secure;
    const own = column(false);
    let fraction = own;
    if (b === table.batches.length - 1) {
      const mean = emitter.secureConstant((c) => ({ kind: 'mean', c }));
      fraction = emitter.subSecure(emitter.addSecure(emitter.subSecure(column(true), own), mean), earlier);
    }
    earlier = emitter.addSecure(earlier, own);
    const { numerator, denominator } = emitFraction(air, table, batch, emitter, node);
    const value = emitter.subSecure(emitter.mulSecure(fraction, denominator), numerator);
    const k = table.constraints.length + b;
    sum = emitter.addSecure(
      sum,
      emitter.mulSecure(
        value,
        emitter.secureConstant((c) => ({ kind: 'coefficient', k, c })),
      ),
    );
  });
  sum.forEach((value, c) => {
    emitter.store(c, value);
  });
  return emitter.finish(name);
}

function emitFractions(air: Air, table: Table, name: string) {
  const emitter = new KernelEmitter();
  const node = nodeEmitter(table, emitter);
  table.batches.forEach((batch, b) => {
    const { numerator, denominator } = emitFraction(air, table, batch, emitter, node);
    [...numerator, ...denominator].forEach((value, i) => {
      emitter.store(2 * QM31_DEGREE * b + i, value);
    });
  });
  return emitter.finish(name);
}

/** An AIR compiled. */
export interface AirKernels {
  readonly module: WebAssembly.Module;
  readonly composition: readonly TableKernel[];
  /** Absent for tables without look-ups. */
  readonly fractions: readonly (TableKernel | undefined)[];
}

/** Compiles the kernels of an AIR. PERF: V8 needs about 0.4 ms per KiB of code. */
export function compileAir(air: Air): AirKernels {
  const composition = air.tables.map((table, t) => emitComposition(air, table, `composition${t}`));
  const fractions = air.tables.map((table, t) =>
    table.batches.length > 0 ? emitFractions(air, table, `fractions${t}`) : undefined,
  );
  const all = [...composition, ...fractions.filter((kernel) => kernel !== undefined)];
  const kernelOf = ({ encoded, constants }: (typeof all)[number]): TableKernel => ({
    name: encoded.name,
    constants,
  });
  return {
    module: new WebAssembly.Module(encodeModule(all.map(({ encoded }) => encoded))),
    composition: composition.map(kernelOf),
    fractions: fractions.map((kernel) => (kernel === undefined ? undefined : kernelOf(kernel))),
  };
}
