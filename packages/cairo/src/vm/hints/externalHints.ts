import type { HintOperands } from '../../casm/hint.ts';
import type { CompiledHint, Machine } from '../machine.ts';
import { addRelocationRule } from '../relocateTemporary.ts';
import type { Word } from '../word.ts';
import { type HintState, hintFailed, type RunArgument, stateOf } from './hintState.ts';
import { addressReader, cellAddress, feltReader, type Literal } from './operands.ts';

/** Says where a temporary segment will lie. */
export function addRelocationRuleHint(o: HintOperands<'AddRelocationRule'>, literal: Literal): CompiledHint {
  const [source, target] = [addressReader(o.src, literal), addressReader(o.dst, literal)];
  return (m) => {
    externalOf(m);
    addRelocationRule(m.memory, source(m), target(m));
  };
}

/** Writes run argument `index` to dst and the cells after it; arrays become start and end pointers. */
export function writeRunParam(o: HintOperands<'WriteRunParam'>, literal: Literal): CompiledHint {
  const index = feltReader(o.index, literal);
  const target = cellAddress(o.dst);
  return (m) => {
    const argument = externalOf(m).arguments[index(m)];
    if (argument === undefined) throw hintFailed('no such run argument');
    writeArguments(m, target(m), typeof argument === 'bigint' ? [argument] : argument);
  };
}

function writeArguments(m: Machine, start: Word, values: readonly RunArgument[]): void {
  const { memory } = m;
  let at = start;
  for (const value of values) {
    if (typeof value === 'bigint') {
      memory.set(at, memory.fromFelt(value));
      at = memory.add(at, 1);
      continue;
    }
    const segment = memory.newSegment();
    writeArguments(m, segment, value);
    memory.set(at, segment);
    memory.set(memory.add(at, 1), memory.add(segment, cellCount(value)));
    at = memory.add(at, 2);
  }
}

function cellCount(values: readonly RunArgument[]): number {
  return values.reduce((count: number, value) => count + (typeof value === 'bigint' ? 1 : 2), 0);
}

/** Debugging aids of the reference runner: nothing of the run depends on them. */
export function ignoredExternal(): CompiledHint {
  return (m) => void externalOf(m);
}

function externalOf(m: Machine): NonNullable<HintState['external']> {
  const { external } = stateOf(m);
  if (external === undefined) throw hintFailed('external hints are not served to contracts');
  return external;
}
