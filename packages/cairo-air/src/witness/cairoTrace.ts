import type { Trace } from '@cairn/stark/prover';
import type { CairoAir } from '../air/cairoAir.ts';
import { needsPairs } from '../air/layout.ts';
import { fillProgram } from '../air/programTable.ts';
import { fillBlake } from './fillBlake.ts';
import { fillChains } from './fillChains.ts';
import { fillCpu } from './fillCpu.ts';
import { fillMemory, fillValues } from './fillMemory.ts';
import { fillProducts, fillSums } from './fillOperations.ts';
import type { FlatRun } from './flattenRun.ts';
import { Witness } from './witness.ts';

/** Fills all tables for a run. `publicAddresses` are looked up once each by the statement. */
export function cairoTrace(layout: CairoAir, run: FlatRun, publicAddresses: ArrayLike<number>): Trace {
  const witness = new Witness(run.memory, layout.layout.ranges);
  for (let i = 0; i < publicAddresses.length; i++)
    witness.values.use('limbs', witness.memory.read(publicAddresses[i]!));
  if (layout.layout.program) fillProgram(witness, layout.layout.program);
  const hasBlake = layout.layout.modules.includes('blake');
  fillCpu(witness, run.steps, hasBlake);
  if (hasBlake) fillBlake(witness, witness.blakes);
  for (const { table } of layout.builtins) {
    const { start, logHeight } = run.builtins.get(table.name)!;
    table.fill(witness, start, logHeight);
  }
  if (layout.layout.modules.includes('ec')) fillChains(witness, witness.chains);
  fillSums(witness);
  fillProducts(witness);
  fillMemory(witness);
  fillValues(witness, needsPairs(layout.layout));
  Object.assign(witness.tables, witness.ranges.tables());
  if (layout.layout.modules.includes('bitwise')) witness.tables.xor = witness.xors.table();
  return layout.air.tables.map((table) => witness.tables[table.name]!.trace(table));
}
