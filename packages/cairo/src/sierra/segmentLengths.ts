import type { CompiledProgram } from './compileProgram.ts';
import { refuse } from './errors.ts';
import { branchTarget, type SierraProgram } from './program.ts';

/**
 * Lengths of the parts of the bytecode that are hashed on their own: each function, then each constant segment.
 * @throws CairnError `INVALID_FUNCTION` when control leaves a function or none starts at statement 0.
 */
export function segmentLengths(
  program: SierraProgram,
  compiled: CompiledProgram,
  bytecodeLength: number,
): number[] | number {
  if (bytecodeLength === 0) return 0;
  const starts = program.functions.map(({ entryPoint }) => entryPoint).sort((a, b) => a - b);
  if (starts[0] !== 0) throw refuse('INVALID_FUNCTION', 'no function starts at statement 0');
  checkFunctionsAreClosed(program, starts);
  const offsets = [
    ...starts.map((start) => compiled.statementOffsets[start]!),
    ...compiled.consts.offsets.map((offset) => compiled.codeLength + offset),
    bytecodeLength,
  ];
  return offsets
    .slice(1)
    .map((end, i) => end - offsets[i]!)
    .filter((length) => length > 0);
}

function checkFunctionsAreClosed({ statements }: SierraProgram, starts: readonly number[]): void {
  let fn = 0;
  statements.forEach((statement, index) => {
    if (starts[fn + 1] === index) fn++;
    if (statement.kind === 'return') return;
    const end = starts[fn + 1] ?? statements.length;
    for (const branch of statement.branches) {
      const target = branchTarget(index, branch);
      if (target < starts[fn]! || target >= end)
        throw refuse('INVALID_FUNCTION', `statement ${index}: leads out of its function`, {
          statement: index,
        });
    }
  });
}
