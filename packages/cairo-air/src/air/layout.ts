import type { BuiltinName } from '@cairn/cairo';
import type { CommittedProgram } from './programTable.ts';
import { RANGE_SIZES, type RangeSizes } from './rangeTables.ts';

/** Parts of the AIR that a program may need beyond the core. */
export const MODULES = ['bitwise', 'poseidon', 'ec', 'blake', 'mod'] as const;

export type ModuleName = (typeof MODULES)[number];

/** A set of modules, with the sizes of the range tables. */
export interface CairoLayout {
  readonly modules: readonly ModuleName[];
  readonly ranges: RangeSizes;
  /** The only program that the layout proves; absent: any, as part of the statement. */
  readonly program?: CommittedProgram;
}

/** Builtins in the order in which a main function takes them, with the module that proves each; undefined is the core. */
export const PROVABLE_BUILTINS: readonly { readonly name: BuiltinName; readonly module?: ModuleName }[] = [
  { name: 'output' },
  { name: 'pedersen', module: 'ec' },
  { name: 'range_check' },
  { name: 'bitwise', module: 'bitwise' },
  { name: 'ec_op', module: 'ec' },
  { name: 'poseidon', module: 'poseidon' },
  { name: 'range_check96' },
  { name: 'add_mod', module: 'mod' },
  { name: 'mul_mod', module: 'mod' },
];

/** The name of a layout: `core+poseidon narrow`, and behind it the name of its program. */
export function layoutName({ modules, ranges, program }: CairoLayout): string {
  const parts = ['core', ...MODULES.filter((module) => modules.includes(module))];
  return [parts.join('+'), ranges, ...(program ? [program.name] : [])].join(' ');
}

/** The layout of this name, with one of the programs given; undefined when there is none. */
export function layoutOfName(
  name: string,
  programs: readonly CommittedProgram[] = [],
): CairoLayout | undefined {
  const [parts, ranges, programName] = name.split(' ');
  const sizes = RANGE_SIZES.find((candidate) => candidate === ranges);
  if (sizes === undefined) return undefined;
  const modules = MODULES.filter((module) => parts!.split('+').includes(module));
  const program = programs.find((candidate) => candidate.name === programName);
  const layout: CairoLayout = { modules, ranges: sizes, ...(program && { program }) };
  return layoutName(layout) === name ? layout : undefined;
}

/** True for layouts with a module that reads values as pairs of limbs. */
export function needsPairs({ modules }: CairoLayout): boolean {
  return modules.includes('poseidon');
}
