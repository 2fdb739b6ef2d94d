import { type Felt, PRIME } from '@cairn/primitives';
import type { CairoAir } from '../air/cairoAir.ts';
import { PROVABLE_BUILTINS } from '../air/layout.ts';
import { ADDRESS_BOUND_LOG } from '../air/valueForm.ts';
import { type CairoStatement, ENTRY_WORDS, PROGRAM_START, type SegmentBounds } from './cairoStatement.ts';

const ADDRESS_BOUND = 2 ** ADDRESS_BOUND_LOG;

/** The instructions of a program's entry, `ap += imm`, `call rel imm` and `jmp rel imm`; each has its immediate behind it. */
export const ENTRY_INSTRUCTIONS = {
  apAdd: 0x40780017fff7fffn,
  callRel: 0x1104800180018000n,
  jumpRel: 0x10780017fff7fffn,
} as const;

const isAddress = (value: number) => Number.isInteger(value) && value > 0 && value < ADDRESS_BOUND;
const isFelt = (value: Felt) => typeof value === 'bigint' && value >= 0n && value < PRIME;

/**
 * What is wrong with a statement, heights of the tables aside; undefined when nothing is. These are the verifier's own
 * checks: the proof speaks of the cells, this of what they mean.
 */
export function statementFault(
  statement: CairoStatement,
  { layout, builtins: tables }: CairoAir,
): string | undefined {
  const { program, entryOffset, output, initialAp, finalAp, builtins, unusedBuiltins } = statement;
  if (!program.every(isFelt) || !output.every(isFelt)) return 'a cell is no felt';
  if (!Number.isInteger(entryOffset) || entryOffset < 0 || entryOffset + ENTRY_WORDS > program.length)
    return `entry at ${entryOffset} is outside of the program`;
  const entry = program.slice(entryOffset, entryOffset + ENTRY_WORDS);
  const isEntry =
    entry[0] === ENTRY_INSTRUCTIONS.apAdd &&
    entry[1] === BigInt(builtins.length) &&
    entry[2] === ENTRY_INSTRUCTIONS.callRel &&
    entry[4] === ENTRY_INSTRUCTIONS.jumpRel &&
    entry[5] === 0n;
  if (!isEntry) return 'the entry is not: ap += builtins; call main; jmp rel 0';

  const order = PROVABLE_BUILTINS.map(({ name }) => name);
  const places = builtins.map(({ name }) => order.indexOf(name));
  if (!places.every((place, i) => place >= 0 && (i === 0 || place > places[i - 1]!)))
    return 'builtins are unknown, twice or out of order';
  const proven = tables.map(({ table }) => table.name);
  for (const { name } of builtins)
    if (name !== 'output' && !proven.includes(name)) return `builtin ${name} is not proven by the layout`;
  const unused = proven.filter((name) => !builtins.some((builtin) => builtin.name === name));
  if (unused.join() !== unusedBuiltins.map(({ name }) => name).join())
    return 'builtins of the layout are missing';

  if (!isAddress(initialAp) || !isAddress(finalAp)) return 'ap is no address';
  const committed = layout.program?.words.length ?? 0;
  if (layout.program !== undefined && program.length !== ENTRY_WORDS)
    return 'beside the program of the layout there is more than the entry';
  if (PROGRAM_START + program.length + committed > initialAp - 2) return 'the program reaches into the stack';
  if (finalAp - 2 * builtins.length < initialAp) return 'the stack is too short';
  let end = finalAp;
  for (const { name, start, stop } of [...builtins, ...unusedBuiltins].sort((a, b) => a.start - b.start)) {
    if (!isAddress(start) || !isAddress(stop) || stop < start) return `segment of ${name} is no segment`;
    if (start < end) return `segment of ${name} begins before its predecessor ends`;
    end = stop;
    const width = tables.find(({ table }) => table.name === name)?.table.cellsPerInstance ?? 1;
    if ((stop - start) % width !== 0) return `segment of ${name} ends within an instance`;
  }
  if (unusedBuiltins.some(({ start, stop }) => start !== stop)) return 'a builtin that main lacks is used';
  const outputBounds = builtins.find(({ name }) => name === 'output');
  const outputLength = outputBounds === undefined ? 0 : outputBounds.stop - outputBounds.start;
  if (output.length !== outputLength) return `output has ${output.length} cells, expected ${outputLength}`;
  return undefined;
}

/** What is wrong with a statement at these heights of its builtins' tables; undefined when nothing is. */
export function heightFault(
  statement: CairoStatement,
  layout: CairoAir,
  logHeights: readonly number[],
): string | undefined {
  const segments: SegmentBounds[] = [...statement.builtins, ...statement.unusedBuiltins];
  const proven: { start: number; end: number; name: string }[] = [];
  for (const { table } of layout.builtins) {
    const { start, stop } = segments.find(({ name }) => name === table.name)!;
    const index = layout.air.tables.findIndex(({ name }) => name === table.name);
    const instances = 2 ** logHeights[index]! / table.rowsPerInstance;
    if (stop > start + table.cellsPerInstance * Math.floor(instances))
      return `segment of ${table.name} has more instances than its table shows`;
    const end = start + table.cellsPerInstance * Math.ceil(instances);
    if (end > ADDRESS_BOUND) return `segment of ${table.name} ends outside of memory`;
    proven.push({ start, end, name: table.name });
  }
  proven.sort((a, b) => a.start - b.start);
  for (let i = 1; i < proven.length; i++)
    if (proven[i]!.start < proven[i - 1]!.end)
      return `segments of ${proven[i - 1]!.name} and ${proven[i]!.name} overlap`;
  return undefined;
}
