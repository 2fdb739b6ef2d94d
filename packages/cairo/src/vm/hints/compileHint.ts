import { CairnError } from '@cairn/primitives';
import { type CasmHint, type HintName, type HintOperands, hintName } from '../../casm/hint.ts';
import type { VmErrorCode } from '../../errors.ts';
import type { CompiledHint } from '../machine.ts';
import { evalCircuit } from './circuitHint.ts';
import * as dict from './dictHints.ts';
import { addRelocationRuleHint, ignoredExternal, writeRunParam } from './externalHints.ts';
import { hintFailed, stateOf } from './hintState.ts';
import * as integer from './integerHints.ts';
import { cellAddress, feltReader, type Literal } from './operands.ts';

type Compilers = { [N in HintName]: (operands: HintOperands<N>, literal: Literal) => CompiledHint };

const COMPILERS: Compilers = {
  AllocSegment: ({ dst }) => {
    const target = cellAddress(dst);
    return (m) => m.memory.set(target(m), m.memory.newSegment());
  },
  TestLessThan: integer.testLessThan,
  TestLessThanOrEqual: integer.testLessThanOrEqual,
  TestLessThanOrEqualAddress: integer.testLessThanOrEqual,
  WideMul128: integer.wideMul128,
  DivMod: integer.divMod,
  Uint256DivMod: integer.uint256DivMod,
  Uint512DivModByUint256: integer.uint512DivModByUint256,
  SquareRoot: integer.squareRoot,
  Uint256SquareRoot: integer.uint256SquareRoot,
  LinearSplit: integer.linearSplit,
  AllocFelt252Dict: dict.allocFelt252Dict,
  Felt252DictEntryInit: dict.felt252DictEntryInit,
  Felt252DictEntryUpdate: dict.felt252DictEntryUpdate,
  GetSegmentArenaIndex: dict.getSegmentArenaIndex,
  InitSquashData: dict.initSquashData,
  GetCurrentAccessIndex: dict.getCurrentAccessIndex,
  ShouldSkipSquashLoop: ({ should_skip_loop }) => dict.squashLoopFlag(should_skip_loop, 'skip'),
  GetCurrentAccessDelta: dict.getCurrentAccessDelta,
  ShouldContinueSquashLoop: ({ should_continue }) => dict.squashLoopFlag(should_continue, 'continue'),
  GetNextDictKey: dict.getNextDictKey,
  AssertLeFindSmallArcs: integer.assertLeFindSmallArcs,
  AssertLeIsFirstArcExcluded: ({ skip_exclude_a_flag }) => integer.arcNotExcluded(skip_exclude_a_flag, 0),
  AssertLeIsSecondArcExcluded: ({ skip_exclude_b_minus_a }) =>
    integer.arcNotExcluded(skip_exclude_b_minus_a, 1),
  RandomEcPoint: ({ x, y }) => {
    const [xAt, yAt] = [cellAddress(x), cellAddress(y)];
    return (m) => {
      const state = stateOf(m);
      const point = state.randomPoints.point(state.randomPointCount++);
      m.memory.set(xAt(m), m.memory.fromFelt(point.x));
      m.memory.set(yAt(m), m.memory.fromFelt(point.y));
    };
  },
  FieldSqrt: integer.fieldSqrt,
  // Prints in the reference: nothing of the run depends on it.
  DebugPrint: () => () => {},
  AllocConstantSize: ({ size, dst }, literal) => {
    const readSize = feltReader(size, literal);
    const target = cellAddress(dst);
    return (m) => {
      const { memory } = m;
      const state = stateOf(m);
      const start = (state.nextConstant ??= memory.newSegment());
      state.nextConstant = memory.add(start, readSize(m));
      memory.set(target(m), start);
    };
  },
  U256InvModN: integer.u256InvModN,
  EvalCircuit: evalCircuit,
  // The reference of today no longer checks these; programs that carry them assert the same in Cairo.
  AssertCurrentAccessIndicesIsEmpty: () => () => {},
  AssertAllAccessesUsed: () => () => {},
  AssertAllKeysUsed: () => () => {},
  AssertLeAssertThirdArcExcluded: () => () => {},
  AssertLtAssertValidInput: () => () => {},
  Felt252DictRead: dict.felt252DictRead,
  Felt252DictWrite: dict.felt252DictWrite,
  SystemCall: () => (m) => {
    // The handler keeps its own pointer, as the sequencer does: the operand is where the program thinks it is.
    const state = stateOf(m);
    if (state.syscalls === undefined || state.syscallPointer === undefined)
      throw hintFailed('this run has no syscalls');
    state.syscallPointer = state.syscalls.execute(m.memory, state.syscallPointer);
  },
  Cheatcode: () => () => {
    throw new CairnError<VmErrorCode>('UNKNOWN_HINT', 'cheatcodes are for test runners only');
  },
  AddRelocationRule: addRelocationRuleHint,
  WriteRunParam: writeRunParam,
  AddMarker: ignoredExternal,
  AddTrace: ignoredExternal,
};

/** Makes a hint ready to run: operands become closures, constants words. @throws CairnError `INVALID_HINT`. */
export function compileHint(hint: CasmHint, literal: Literal): CompiledHint {
  const name = hintName(hint);
  const operands = typeof hint === 'string' ? {} : (hint as Record<string, unknown>)[name];
  return (COMPILERS[name] as (operands: unknown, literal: Literal) => CompiledHint)(operands, literal);
}
