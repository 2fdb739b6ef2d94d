import type { BuiltinName, CompiledHint } from '@cairn/cairo';
import { push, RET } from '@cairn/cairo/testing';
import type { HintedTask } from '../bootloader/bootloadPrograms.ts';
import { addToFp, callBuiltin, fibonacciMain, mixedMain, store } from './programs.ts';

/** A task from the words of its main, without hints. */
export function taskOf(builtins: BuiltinName[], main: readonly bigint[]): HintedTask {
  return {
    program: { data: [...main], builtins, main: 0, hints: new Map() },
    hints: { find: () => undefined, createState: () => undefined },
  };
}

/** Three different programs: a Fibonacci number, steps of every kind with a range check, three Poseidon hashes. */
export const threeTasks = (): HintedTask[] => [
  taskOf(['output'], fibonacciMain(10)),
  taskOf(['output', 'range_check'], mixedMain()),
  taskOf(['output', 'poseidon'], callBuiltin([1n, 2n, 3n], 6, 3, 3)),
];

/** A program that writes 5 by a hint into the output; its hint finds the answer in the state of its own registry. */
export function hintedTask(answer: bigint): HintedTask {
  const [assertion, ...rest] = push(answer);
  // main: a word that does nothing here, `[ap] = answer; ap++` behind a hint, and the output.
  const main = [assertion!, ...rest, ...store(-3, 0), ...addToFp(-3, 1n), RET];
  const hint: CompiledHint = (machine) => {
    const state = machine.hintState as { answer: bigint; calls: number };
    state.calls++;
    if (machine.pc !== 0 || state.calls > 1) throw new Error(`hint at ${machine.pc}, call ${state.calls}`);
    machine.memory.write({ segment: 1, offset: machine.ap }, state.answer);
  };
  return {
    program: { data: main, builtins: ['output'], main: 0, hints: new Map([[0, ['the answer']]]) },
    hints: {
      find: (code) => (code === 'the answer' ? hint : undefined),
      createState: () => ({ answer, calls: 0 }),
    },
  };
}
