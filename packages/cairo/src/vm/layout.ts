import { CairnError } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import type { BuiltinName } from './builtins/builtin.ts';

/** How often a layout has an instance of a builtin. */
export interface LayoutBuiltin {
  readonly name: BuiltinName;
  /** Steps per instance, as a fraction; 0 when the layout has no instance at all. */
  readonly ratio: number;
  readonly ratioDenominator: number;
}

/**
 * What a trace of the Stone prover has room for, per step. Our own prover needs none of it; files for other provers do.
 * @see cairo-lang 0.14.0.1, starkware/cairo/lang/instances.py; cairo-vm 3.2.0, layout.rs, for `all_cairo…`
 */
export interface Layout {
  readonly name: string;
  readonly rangeCheckUnitsPerStep: number;
  readonly memoryUnitsPerStep: number;
  /** One memory cell of so many is public. */
  readonly publicMemoryFraction: number;
  /** log2 of the cells of the diluted pool per step, may be negative; undefined without a pool. */
  readonly logDilutedUnitsPerStep?: number;
  /** In the order of their segments. */
  readonly builtins: readonly LayoutBuiltin[];
}

/** Builtins with a ratio, in the order of their segments. */
const RATIO_BUILTINS = [
  'pedersen',
  'range_check',
  'ecdsa',
  'bitwise',
  'ec_op',
  'keccak',
  'poseidon',
  'range_check96',
  'add_mod',
  'mul_mod',
] as const;
type RatioBuiltin = (typeof RATIO_BUILTINS)[number];

type LayoutText = Partial<Omit<Layout, 'name' | 'builtins'>> & {
  ratios?: Partial<Record<RatioBuiltin, number>>;
};

const SMALL_RATIOS = { pedersen: 8, range_check: 8, ecdsa: 512 };
const STARKNET_RATIOS = {
  pedersen: 32,
  range_check: 16,
  ecdsa: 2048,
  bitwise: 64,
  ec_op: 1024,
  poseidon: 32,
};
const RECURSIVE = { rangeCheckUnitsPerStep: 4, publicMemoryFraction: 8, logDilutedUnitsPerStep: 4 };
const RECURSIVE_RATIOS = { pedersen: 128, range_check: 8, bitwise: 8 };
const ALL_CAIRO_STWO_RATIOS = {
  pedersen: 256,
  range_check: 8,
  bitwise: 16,
  ec_op: 1024,
  poseidon: 256,
  range_check96: 8,
  add_mod: 128,
  mul_mod: 256,
};

const LAYOUTS: Readonly<Record<string, LayoutText>> = {
  plain: {},
  small: { ratios: SMALL_RATIOS },
  dex: { rangeCheckUnitsPerStep: 4, ratios: SMALL_RATIOS },
  starknet: { rangeCheckUnitsPerStep: 4, logDilutedUnitsPerStep: 1, ratios: STARKNET_RATIOS },
  starknet_with_keccak: {
    rangeCheckUnitsPerStep: 4,
    logDilutedUnitsPerStep: 4,
    ratios: { ...STARKNET_RATIOS, keccak: 2048 },
  },
  recursive: { ...RECURSIVE, ratios: RECURSIVE_RATIOS },
  recursive_with_poseidon: {
    ...RECURSIVE,
    logDilutedUnitsPerStep: 3,
    ratios: { pedersen: 256, range_check: 16, bitwise: 16, poseidon: 64 },
  },
  recursive_large_output: { ...RECURSIVE, ratios: { ...RECURSIVE_RATIOS, poseidon: 8 } },
  all_cairo: {
    ...RECURSIVE,
    ratios: { ...ALL_CAIRO_STWO_RATIOS, ecdsa: 2048, keccak: 2048 },
  },
  all_cairo_stwo: { ...RECURSIVE, ratios: ALL_CAIRO_STWO_RATIOS },
  all_solidity: {
    ...RECURSIVE,
    rangeCheckUnitsPerStep: 8,
    ratios: { ...SMALL_RATIOS, bitwise: 256, ec_op: 256 },
  },
};

/** Names of the fixed layouts; `dynamic` comes with parameters: {@link dynamicLayout}. */
export const LAYOUT_NAMES: readonly string[] = Object.keys(LAYOUTS);

/** A fixed layout by name. @throws CairnError `INVALID_LAYOUT`. */
export function layoutNamed(name: string): Layout {
  if (!Object.hasOwn(LAYOUTS, name))
    throw invalid(`got ${name}, expected one of ${LAYOUT_NAMES.join(', ')}, or dynamic with parameters`);
  const { ratios, ...rest } = LAYOUTS[name]!;
  return {
    name,
    rangeCheckUnitsPerStep: 16,
    memoryUnitsPerStep: 8,
    publicMemoryFraction: 4,
    ...rest,
    builtins:
      ratios === undefined
        ? []
        : withOutput(
            RATIO_BUILTINS.flatMap((builtin) => {
              const ratio = ratios[builtin];
              return ratio === undefined ? [] : [{ name: builtin, ratio, ratioDenominator: 1 }];
            }),
          ),
  };
}

/** The layout that a file of parameters describes: all builtins, each with its ratio or none. @throws CairnError `INVALID_LAYOUT`. */
export function dynamicLayout(json: unknown): Layout {
  const parameters = json as Record<string, unknown>;
  const integer = (name: string, least: number): number => {
    const value = parameters?.[name];
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    throw invalid(`parameter ${name}: got ${value}, expected an integer of at least ${least}`);
  };
  return {
    name: 'dynamic',
    rangeCheckUnitsPerStep: integer('rc_units', 1),
    memoryUnitsPerStep: integer('memory_units_per_step', 1),
    publicMemoryFraction: 8,
    logDilutedUnitsPerStep: integer('log_diluted_units_per_step', -30),
    builtins: withOutput(
      RATIO_BUILTINS.map((name) => ({
        name,
        ratio: parameters?.[`uses_${name}_builtin`] ? integer(`${name}_ratio`, 1) : 0,
        ratioDenominator:
          parameters?.[`${name}_ratio_den`] === undefined ? 1 : integer(`${name}_ratio_den`, 1),
      })),
    ),
  };
}

/** A run outside proof mode has all its builtins in its layout. @throws CairnError `INVALID_LAYOUT`. */
export function checkLayout(builtins: readonly BuiltinName[], layout: Layout): void {
  const missing = builtins.filter((name) => !layout.builtins.some((builtin) => builtin.name === name));
  if (missing.length > 0)
    throw new CairnError<VmErrorCode>('INVALID_LAYOUT', `layout ${layout.name} lacks ${missing.join(', ')}`);
}

function withOutput(builtins: readonly LayoutBuiltin[]): LayoutBuiltin[] {
  return [{ name: 'output', ratio: 0, ratioDenominator: 1 }, ...builtins];
}

function invalid(what: string): CairnError<VmErrorCode> {
  return new CairnError('INVALID_LAYOUT', `no such layout: ${what}`);
}
