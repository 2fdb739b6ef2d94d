import {
  type CallResult,
  type CompiledFunction,
  callFunction,
  compileFunction,
  type SierraValue,
} from './runSierra.ts';
import { type FunctionBuilder, probe, SierraBuilder, type Variable } from './sierraBuilder.ts';

/** What a call gives: the values of a function that returns in one place. */
export type Model = (...args: never[]) => SierraValue[];

/** The value of a function that returned at its `index`-th place. */
export const way = (index: number, ...values: SierraValue[]): SierraValue[] => [
  { variant: index, value: values },
];

/** All pairs of the values. */
export const pairs = <T>(a: readonly T[], b: readonly T[] = a): [T, T][] =>
  a.flatMap((x) => b.map((y): [T, T] => [x, y]));

type CallOptions = Parameters<typeof callFunction>[2];

/** The test framework: registers a test, and compares values. */
export interface TestFrame {
  it(name: string, run: () => void): void;
  same(actual: unknown, expected: unknown, what: string): void;
}

/** Registers tests of libfuncs and remembers which ran. */
export class LibfuncTester {
  readonly #executed = new Set<string>();
  readonly #frame: TestFrame;

  constructor(frame: TestFrame) {
    this.#frame = frame;
  }

  get executed(): ReadonlySet<string> {
    return this.#executed;
  }

  /** A function that is the libfunc alone, a `way` per branch, on each list of arguments. */
  probe(libfunc: string, argumentLists: readonly (readonly SierraValue[])[], model: Model): void {
    this.#frame.it(libfunc, () => {
      const { builder, function: id } = probe(libfunc);
      this.#compare(builder, compileFunction(builder.program, id), argumentLists, model);
    });
  }

  /** A function written out. */
  script(
    title: string,
    params: readonly string[],
    write: (f: FunctionBuilder, ...vars: Variable[]) => void,
    argumentLists: readonly (readonly SierraValue[])[],
    model: Model,
    options: CallOptions = {},
  ): void {
    this.#frame.it(title, () => {
      const builder = new SierraBuilder();
      const id = builder.addFunction(params, write);
      this.#compare(builder, compileFunction(builder.program, id), argumentLists, model, options);
    });
  }

  /** A test of its own that makes its programs with {@link LibfuncTester.call}. */
  test(title: string, run: (same: TestFrame['same']) => void): void {
    this.#frame.it(title, () => run(this.#frame.same));
  }

  /** A program made elsewhere; returns its results to look at. */
  call(
    builder: SierraBuilder,
    compiled: CompiledFunction,
    args: readonly SierraValue[],
    options: CallOptions = {},
  ): CallResult {
    const result = callFunction(compiled, args, options);
    for (const { name } of builder.program.libfuncs) this.#executed.add(name);
    return result;
  }

  #compare(
    builder: SierraBuilder,
    compiled: CompiledFunction,
    argumentLists: readonly (readonly SierraValue[])[],
    model: Model,
    options: CallOptions = {},
  ): void {
    for (const args of argumentLists) {
      const { values } = this.call(builder, compiled, args, options);
      const expected = (model as (...args: unknown[]) => SierraValue[])(...args);
      this.#frame.same(values, expected, `of ${show(args)}`);
    }
  }
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part));
}
