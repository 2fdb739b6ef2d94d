import { type Air, fixedColumns, mainColumns } from '../air/ir.ts';
import { QM31_DEGREE } from '../field/qm31.ts';
import { type MerkleShape, merkleShape } from '../merkle/merklePath.ts';
import type { ProofParameters } from '../params/parameters.ts';

/** A committed column: where it comes from and how high it is. */
export interface CommittedColumn {
  /** Index of the table; undefined for the composition. */
  readonly table: number | undefined;
  /** Column of the table in the fixed and main trees; coordinate 4·batch + c in the interaction tree; 4·piece + c. */
  readonly column: number;
  readonly logHeight: number;
  /** Opened at the next row's point too. */
  readonly hasNext: boolean;
}

/** Names of the trees, in the order of commitment. */
export type TreeName = 'fixed' | 'main' | 'interaction' | 'composition';

/** A Merkle tree whose leaf at each position holds the values of all its columns there. */
export interface TreeLayout {
  readonly name: TreeName;
  readonly columns: readonly CommittedColumn[];
}

/** One FRI layer: 2^logSize values, 2^logFold of them in a leaf. */
export interface FriLayerLayout {
  readonly logSize: number;
  readonly logFold: number;
  readonly shape: MerkleShape;
}

/** Everything about a proof's form that follows from AIR, parameters and heights; nothing of it is read from the proof. */
export interface ProofLayout {
  readonly logHeights: readonly number[];
  /** log2 of the tallest table, N. */
  readonly logMaxHeight: number;
  /** log2 of the domain, N + blow-up. */
  readonly logDomain: number;
  /** Trees with at least one column. */
  readonly trees: readonly TreeLayout[];
  readonly treeShape: MerkleShape;
  /** Columns of all trees, in order; the i-th has the i-th sample and the i-th power of the batching coefficient. */
  readonly columns: readonly CommittedColumn[];
  /** Indices into `columns` of those opened at the next row's point. */
  readonly nextColumns: readonly number[];
  /** Heights below the tallest, ascending: their columns are shown to be periodic. */
  readonly shortLogHeights: readonly number[];
  readonly friLayers: readonly FriLayerLayout[];
  /** log2 of the number of coefficients of the last FRI polynomial. */
  readonly logLastLayer: number;
  /** Tables with look-ups: they have a claimed sum. */
  readonly lookupTables: readonly number[];
}

function tableColumns(
  air: Air,
  logHeights: readonly number[],
  select: (table: Air['tables'][number]) => number[],
) {
  return air.tables.flatMap((table, t) =>
    select(table).map(
      (column): CommittedColumn => ({
        table: t,
        column,
        logHeight: logHeights[t]!,
        hasNext: table.columns[column]!.hasNext,
      }),
    ),
  );
}

/** The trees with at least one column. Which columns they hold, and their order, does not depend on the heights. */
export function committedTrees(air: Air, logHeights: readonly number[]): TreeLayout[] {
  const interaction = air.tables.flatMap((table, t) =>
    table.batches.flatMap((_, batch) =>
      Array.from(
        { length: QM31_DEGREE },
        (_unused, c): CommittedColumn => ({
          table: t,
          column: QM31_DEGREE * batch + c,
          logHeight: logHeights[t]!,
          hasNext: batch === table.batches.length - 1,
        }),
      ),
    ),
  );
  const logMaxHeight = Math.max(...logHeights);
  const composition = Array.from(
    { length: QM31_DEGREE << air.logComposition },
    (_, column): CommittedColumn => ({ table: undefined, column, logHeight: logMaxHeight, hasNext: false }),
  );
  const trees: TreeLayout[] = [
    { name: 'fixed', columns: tableColumns(air, logHeights, fixedColumns) },
    { name: 'main', columns: tableColumns(air, logHeights, mainColumns) },
    { name: 'interaction', columns: interaction },
    { name: 'composition', columns: composition },
  ];
  return trees.filter((tree) => tree.columns.length > 0);
}

/** The layout of a proof; heights must already be within the bounds of their tables. */
export function proofLayout(
  air: Air,
  parameters: ProofParameters,
  logHeights: readonly number[],
): ProofLayout {
  const logMaxHeight = Math.max(...logHeights);
  const logDomain = logMaxHeight + parameters.logBlowup;
  const trees = committedTrees(air, logHeights);
  const columns = trees.flatMap((tree) => tree.columns);

  const friLayers: FriLayerLayout[] = [];
  const logStop = Math.min(parameters.logLastLayer, logMaxHeight - 1) + parameters.logBlowup;
  let logSize = logDomain;
  while (logSize > logStop) {
    const logFold = Math.min(parameters.logFold, logSize - logStop);
    friLayers.push({ logSize, logFold, shape: merkleShape(logSize - logFold, parameters.logCap) });
    logSize -= logFold;
  }
  return {
    logHeights,
    logMaxHeight,
    logDomain,
    trees,
    treeShape: merkleShape(logDomain, parameters.logCap),
    columns,
    nextColumns: columns.flatMap((column, i) => (column.hasNext ? [i] : [])),
    shortLogHeights: [...new Set(logHeights)].filter((h) => h < logMaxHeight).sort((a, b) => a - b),
    friLayers,
    logLastLayer: logSize - parameters.logBlowup,
    lookupTables: air.tables.flatMap((table, t) => (table.batches.length > 0 ? [t] : [])),
  };
}
