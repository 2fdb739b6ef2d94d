import type { BuiltinName } from '@cairn/cairo';
import { type Air, defineAir, type PublicCell } from '@cairn/stark';
import { declareBlake } from './blake/compressTable.ts';
import { declareWords } from './blake/wordsTable.ts';
import { type BuiltinTable, builtinTables } from './builtinTable.ts';
import { declareBuses, declarePairsBus } from './buses.ts';
import { type BoundaryCells, declareBoundary, declareCpu } from './cpuTable.ts';
import { declareDecode } from './decodeTable.ts';
import { declareCurveTables } from './ec/ecModule.ts';
import { type CairoLayout, layoutName, needsPairs } from './layout.ts';
import { declareMemory } from './memoryTable.ts';
import { declareProducts } from './productTable.ts';
import { declareProgram } from './programTable.ts';
import { declareRanges } from './rangeTables.ts';
import { declareSmallProducts } from './smallProductTable.ts';
import { declareSums } from './sumTable.ts';
import { upTo } from './valueForm.ts';
import { declareBigValues, declareSmallValues } from './valueTables.ts';
import { declareXor, xorPieces } from './xorTable.ts';

/** The AIR of a layout and where the statement enters it. */
export interface CairoAir {
  readonly layout: CairoLayout;
  readonly air: Air;
  readonly boundary: BoundaryCells;
  /** Cells of the digest that binds the statement's memory, sixteen bits each; nothing but the transcript reads them. */
  readonly digest: readonly PublicCell[];
  /** Builtins of the layout in the order of their public cells, with the cell of their segment's start. */
  readonly builtins: readonly { readonly table: BuiltinTable; readonly start: PublicCell }[];
}

/** Cells of a digest of 32 bytes. */
const DIGEST_CELLS = 16;

const KNOWN = new Map<string, CairoAir>();

/** The AIR of a layout; made once. */
export function cairoAir(layout: CairoLayout): CairoAir {
  const name = layoutName(layout);
  let known = KNOWN.get(name);
  if (known === undefined) {
    known = defineCairoAir(layout, name);
    KNOWN.set(name, known);
  }
  return known;
}

function defineCairoAir(layout: CairoLayout, name: string): CairoAir {
  let boundary: BoundaryCells | undefined;
  let digest: PublicCell[] = [];
  const builtins: { table: BuiltinTable; start: PublicCell }[] = [];
  const air = defineAir(
    `cairo ${name}`,
    (a) => {
      const hasBlake = layout.modules.includes('blake');
      const buses = declareBuses(a, hasBlake);
      const ranges = declareRanges(a, layout.ranges);
      const blake = hasBlake
        ? declareBlake(a, {
            core: buses,
            words: declareWords(a, buses, ranges),
          })
        : undefined;
      const pairs = needsPairs(layout) ? declarePairsBus(a) : undefined;
      boundary = declareBoundary(a);
      digest = upTo(DIGEST_CELLS).map((i) => a.publicCell(`statement digest ${i}`));
      // PERF: tables stand in the order of their usual heights. The prover hashes the leaves of a tree column by column,
      // and what short tables have in them once for many leaves.
      if (layout.program) declareProgram(a, buses, layout.program);
      declareDecode(a, buses, ranges, hasBlake);
      declareProducts(a, buses, ranges);
      declareSmallProducts(a, buses, ranges);
      const xor = layout.modules.includes('bitwise')
        ? declareXor(a, 'xor', xorPieces(layout.ranges)[0]!)
        : undefined;
      const chains = layout.modules.includes('ec') ? declareCurveTables(a, buses, ranges) : undefined;
      for (const table of builtinTables(layout)) {
        const start = a.publicCell(`${table.name} start`);
        table.declare(a, { buses, ranges, xor, pairs, chains, start });
        builtins.push({ table, start });
      }
      declareSums(a, buses);
      declareBigValues(a, buses, ranges, pairs);
      declareMemory(a, buses);
      declareSmallValues(a, buses, ranges, pairs);
      declareCpu(a, boundary, buses, blake);
    },
    { maxDegree: 5 },
  );
  return { layout, air, boundary: boundary!, digest, builtins };
}

/** The table of a builtin in a layout. */
export function builtinTableOf({ builtins }: CairoAir, name: BuiltinName): BuiltinTable | undefined {
  return builtins.find(({ table }) => table.name === name)?.table;
}
