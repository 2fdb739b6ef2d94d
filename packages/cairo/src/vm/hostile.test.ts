import { CairnError, PRIME } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import type { CasmClass } from '../casm/casmClass.ts';
import { copy, IMMEDIATE, PUSH, push, RET, word } from '../testing/instructionWord.ts';
import { type EntryPointRequest, typescriptEngine, wasmEngine } from './entryPoint.ts';

const felt = (value: number) => (value < 0 ? PRIME + BigInt(value) : BigInt(value));
const jump = (distance: number) => [word({ pcUpdate: 'jumpRel', ...IMMEDIATE }), felt(distance)];
const call = (distance: number) => [
  word({
    dstRegister: 'AP',
    offDst: 0,
    op0Register: 'AP',
    offOp0: 1,
    opcode: 'call',
    apUpdate: 'add2',
    pcUpdate: 'jumpRel',
    ...IMMEDIATE,
  }),
  felt(distance),
];
const jumpNotZero = (offset: number, distance: number) => [
  word({ dstRegister: 'AP', offDst: offset, res: 'unconstrained', pcUpdate: 'jnz', ...IMMEDIATE }),
  felt(distance),
];
const addConstant = (offset: number, value: bigint) => [
  word({ ...PUSH, res: 'add', op0Register: 'AP', offOp0: offset, ...IMMEDIATE }),
  value,
];
/** `[[fp + pointer] + offset] = [fp + source]`, or the other way round. */
const store = (pointer: number, offset: number, source: number) =>
  word({
    opcode: 'assertEq',
    dstRegister: 'FP',
    offDst: source,
    op1Source: 'op0',
    offOp0: pointer,
    offOp1: offset,
  });
/** gas, syscall pointer, failure flag 0, empty return data. */
const GOOD_RETURN = [...copy(-6), ...copy(-5), ...push(0n), ...copy(-4), ...copy(-4), RET];
const alloc = (offset: number) => ({ AllocSegment: { dst: { register: 'AP' as const, offset } } });

function request(
  bytecode: bigint[],
  hints: CasmClass['hints'] = [],
  rest: Partial<EntryPointRequest> = {},
): EntryPointRequest {
  return {
    program: {
      prime: PRIME,
      compilerVersion: 'test',
      bytecode,
      hints,
      entryPointsByType: { EXTERNAL: [], L1_HANDLER: [], CONSTRUCTOR: [] },
    },
    entryPoint: { offset: 0, builtins: [] },
    calldata: [],
    initialGas: 20_000n,
    entryPointInitialBudget: 10_000n,
    builtinCosts: {
      pedersen: 4050n,
      bitwise: 583n,
      ecOp: 4085n,
      poseidon: 491n,
      addMod: 230n,
      mulMod: 604n,
      blake: 3334n,
    },
    syscalls: { execute: (_, pointer) => pointer },
    maxSteps: 500_000,
    maxMemoryCells: 2 ** 17,
    ...rest,
  };
}

/** f(n): n = 0 returns, else f(n − 1): one frame of 4 cells per level. */
function recursion(depth: bigint): bigint[] {
  // main: push depth, call f, then return like an honest contract.
  const main = [...push(depth), ...call(2 + GOOD_RETURN.length)];
  const f = [
    ...[word({ ...PUSH, op1Source: 'fp', offOp1: -3 })],
    ...jumpNotZero(-1, 3),
    RET,
    ...addConstant(-1, PRIME - 1n),
  ];
  return [...main, ...GOOD_RETURN, ...f, ...call(-f.length), RET];
}

/** Program → code of the error it must end with. */
const programs: [name: string, call: EntryPointRequest, code: string][] = [
  ['a loop of one instruction', request(jump(0)), 'STEP_LIMIT'],
  ['a loop that pushes', request([...push(1n), ...jump(-2)]), 'MEMORY_LIMIT'],
  ['endless calls', request(call(0)), 'MEMORY_LIMIT'],
  [
    'a loop of new segments',
    request([word({ apUpdate: 'add1' }), ...jump(-1)], [[0, [alloc(0)]]]),
    'MEMORY_LIMIT',
  ],
  [
    'a far write in a new segment, again and again',
    request(
      [
        word({ apUpdate: 'add1' }),
        ...addConstant(-1, 2n ** 14n),
        word({
          opcode: 'assertEq',
          dstRegister: 'FP',
          offDst: -6,
          op0Register: 'AP',
          op1Source: 'op0',
          offOp0: -1,
          offOp1: 0,
        }),
        ...jump(-4),
      ],
      [[0, [alloc(0)]]],
    ),
    'MEMORY_LIMIT',
  ],
  [
    'ap at the end of memory',
    request([word({ apUpdate: 'add', ...IMMEDIATE }), 2n ** 28n - 50n, ...push(1n), ...jump(-2)]),
    'MEMORY_LIMIT',
  ],
  ['a write far behind the program', request([...call(2), store(-1, 0x7fff, -2), RET]), 'SECURITY_CHECK'],
  ['a read of nothing', request(copy(3)), 'OPERAND_NOT_DEDUCIBLE'],
  ['a felt as pointer', request([store(-6, 0, -6)]), 'EXPECTED_POINTER'],
  ['a pointer below its segment', request([store(-4, -1, -6)]), 'POINTER_ARITHMETIC'],
  [
    'a jump into the calldata',
    request([word({ pcUpdate: 'jump', offOp1: -4 })], [], { calldata: [PRIME - 1n] }),
    'INVALID_INSTRUCTION',
  ],
  ['a jump into nothing', request([word({ pcUpdate: 'jump', offOp1: -5 })]), 'UNKNOWN_CELL'],
  ['a word that is no instruction', request([PRIME - 1n]), 'INVALID_INSTRUCTION'],
  ['a return address made up', request([...push(0n), ...push(0n), RET]), 'MALFORMED_RETURN_DATA'],
  [
    'a constant overwritten',
    request([word({ opcode: 'assertEq', offDst: -6, ...IMMEDIATE }), 3n]),
    'ASSERT_EQ_FAILED',
  ],
  [
    'a hint without its cells',
    request(GOOD_RETURN, [
      [
        0,
        [
          {
            DivMod: {
              lhs: { Deref: { register: 'AP', offset: 20 } },
              rhs: { Immediate: '0x3' },
              quotient: { register: 'AP', offset: 0 },
              remainder: { register: 'AP', offset: 1 },
            },
          },
        ],
      ],
    ]),
    'UNKNOWN_CELL',
  ],
  [
    'a division by zero',
    request(GOOD_RETURN, [
      [
        0,
        [
          {
            DivMod: {
              lhs: { Immediate: '0x1' },
              rhs: { Immediate: '0x0' },
              quotient: { register: 'AP', offset: 0 },
              remainder: { register: 'AP', offset: 1 },
            },
          },
        ],
      ],
    ]),
    'HINT_FAILED',
  ],
  [
    'a hint nobody serves',
    request(GOOD_RETURN, [[0, [{ AddTrace: { flag: { Immediate: '0x0' } } }]]]),
    'HINT_FAILED',
  ],
];

describe.each([typescriptEngine, wasmEngine])('hostile programs on the $name engine', (engine) => {
  const codeOf = (call: EntryPointRequest): string => {
    try {
      engine.runEntryPoint(call);
      return 'none';
    } catch (error) {
      if (!(error instanceof CairnError)) throw error;
      return error.code;
    }
  };

  for (const [name, call, code] of programs) it(`${name}: ${code}`, () => expect(codeOf(call)).toBe(code));

  it('calls a million deep come back', () => {
    const result = engine.runEntryPoint(
      request(recursion(1_000_000n), [], { maxMemoryCells: 2 ** 24, maxSteps: 10_000_000 }),
    );
    expect(result).toMatchObject({ failed: false, resources: { steps: 5_000_011 } });
    expect(codeOf(request(recursion(1_000_000n), [], { maxMemoryCells: 2 ** 24, maxSteps: 3_000_000 }))).toBe(
      'STEP_LIMIT',
    );
  });

  it('10,000 runs leave no memory behind', () => {
    const small = programs.map(([, call, code]): [EntryPointRequest, string] => [
      { ...call, maxSteps: 2_000, maxMemoryCells: 2 ** 17 },
      code === 'MEMORY_LIMIT' ? 'limit' : code,
    ]);
    const round = () => {
      for (const [call, code] of small) {
        const got = codeOf(call);
        if (code === 'limit') expect(['MEMORY_LIMIT', 'STEP_LIMIT']).toContain(got);
        else expect(got).toBe(code);
      }
      expect(codeOf(request(GOOD_RETURN))).toBe('none');
    };
    const rounds = Math.ceil(10_000 / (small.length + 1));
    for (let i = 0; i < rounds / 4; i++) round();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < rounds; i++) round();
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
  });
});
