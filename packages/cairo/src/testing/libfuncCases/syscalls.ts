import { decodeShortString } from '@cairn/primitives';
import type { SyscallHandler } from '../../vm/hints/hintState.ts';
import { offsetBy, type Relocatable, type VmValue } from '../../vm/relocatable.ts';
import type { VmMemory } from '../../vm/vmMemory.ts';
import { type LibfuncTester, way } from '../libfuncTester.ts';
import { compileFunction, type SierraValue } from '../runSierra.ts';
import { probe } from '../sierraBuilder.ts';

/** What a handler answers or is asked: felts, spans of felts, boxed structs. */
type Cells = bigint | { span: readonly Cells[] } | { box: readonly Cells[] };

/** A system call: arguments as Sierra values, the request's cells, the response's cells, the result. */
interface SyscallCase {
  libfunc: string;
  selector: string;
  args?: SierraValue[];
  request?: Cells[];
  response?: Cells[];
  result?: SierraValue[];
}

const u256 = (low: bigint, high: bigint) => [low, high];
const span = [[1n, 2n, 3n]];
const words8 = Array.from({ length: 8 }, (_, i) => BigInt(i + 1));
const words16 = Array.from({ length: 16 }, (_, i) => BigInt(i + 100));
const EMPTY_SPAN: Cells = { span: [] };
const ONE: Cells = { span: [1n, 2n, 3n] };

const CASES: SyscallCase[] = [
  {
    libfunc: 'storage_read_syscall',
    selector: 'StorageRead',
    args: [0n, 77n],
    request: [0n, 77n],
    response: [5n],
    result: [5n],
  },
  { libfunc: 'storage_write_syscall', selector: 'StorageWrite', args: [0n, 77n, 9n], request: [0n, 77n, 9n] },
  {
    libfunc: 'call_contract_syscall',
    selector: 'CallContract',
    args: [1n, 2n, span],
    request: [1n, 2n, ONE],
    response: [ONE],
    result: [span],
  },
  {
    libfunc: 'library_call_syscall',
    selector: 'LibraryCall',
    args: [1n, 2n, span],
    request: [1n, 2n, ONE],
    response: [EMPTY_SPAN],
    result: [[[]]],
  },
  {
    libfunc: 'deploy_syscall',
    selector: 'Deploy',
    args: [1n, 2n, span, { variant: 1, value: [] }],
    request: [1n, 2n, ONE, 1n],
    response: [0x123n, ONE],
    result: [0x123n, span],
  },
  { libfunc: 'emit_event_syscall', selector: 'EmitEvent', args: [span, [[]]], request: [ONE, EMPTY_SPAN] },
  {
    libfunc: 'get_block_hash_syscall',
    selector: 'GetBlockHash',
    args: [44n],
    request: [44n],
    response: [0xabcn],
    result: [0xabcn],
  },
  {
    libfunc: 'get_class_hash_at_syscall',
    selector: 'GetClassHashAt',
    args: [44n],
    request: [44n],
    response: [0xabcn],
    result: [0xabcn],
  },
  {
    libfunc: 'keccak_syscall',
    selector: 'Keccak',
    args: [span],
    request: [ONE],
    response: [3n, 4n],
    result: [u256(3n, 4n)],
  },
  {
    libfunc: 'meta_tx_v0_syscall',
    selector: 'MetaTxV0',
    args: [1n, 2n, span, [[]]],
    request: [1n, 2n, ONE, EMPTY_SPAN],
    response: [ONE],
    result: [span],
  },
  { libfunc: 'replace_class_syscall', selector: 'ReplaceClass', args: [5n], request: [5n] },
  {
    libfunc: 'send_message_to_l1_syscall',
    selector: 'SendMessageToL1',
    args: [5n, span],
    request: [5n, ONE],
  },
  ...(['k1', 'r1'] as const).flatMap((curve): SyscallCase[] => {
    const [prefix, name] = [`secp256${curve}`, `Secp256${curve}`];
    const some = (value: SierraValue): SierraValue => ({ variant: 0, value });
    return [
      {
        libfunc: `${prefix}_new_syscall`,
        selector: `${name}New`,
        args: [u256(1n, 2n), u256(3n, 4n)],
        request: [1n, 2n, 3n, 4n],
        response: [0n, 9n],
        result: [some(9n)],
      },
      {
        libfunc: `${prefix}_get_point_from_x_syscall`,
        selector: `${name}GetPointFromX`,
        args: [u256(1n, 2n), { variant: 1, value: [] }],
        request: [1n, 2n, 1n],
        response: [1n, 0n],
        result: [{ variant: 1, value: [] }],
      },
      {
        libfunc: `${prefix}_add_syscall`,
        selector: `${name}Add`,
        args: [7n, 8n],
        request: [7n, 8n],
        response: [9n],
        result: [9n],
      },
      {
        libfunc: `${prefix}_mul_syscall`,
        selector: `${name}Mul`,
        args: [7n, u256(5n, 6n)],
        request: [7n, 5n, 6n],
        response: [9n],
        result: [9n],
      },
      {
        libfunc: `${prefix}_get_xy_syscall`,
        selector: `${name}GetXy`,
        args: [7n],
        request: [7n],
        response: [1n, 2n, 3n, 4n],
        result: [u256(1n, 2n), u256(3n, 4n)],
      },
    ];
  }),
  ...[1, 2, 3].map((version): SyscallCase => {
    // Every member a number of its own, spans with as many elements as their place says.
    const block: Cells[] = [10n, 11n, 12n];
    const tx: Cells[] = [20n, 21n, 22n, ONE, 23n, 24n, 25n];
    const bounds: Cells = { span: [30n, 31n, 32n, 33n, 34n, 35n] };
    if (version > 1) tx.push(bounds, 40n, ONE, 41n, 42n, ONE);
    if (version > 2) tx.push({ span: [50n] });
    const txValue: SierraValue[] = [20n, 21n, 22n, span, 23n, 24n, 25n];
    if (version > 1)
      txValue.push(
        [
          [
            [30n, 31n, 32n],
            [33n, 34n, 35n],
          ],
        ],
        40n,
        span,
        41n,
        42n,
        span,
      );
    if (version > 2) txValue.push([[50n]]);
    return {
      libfunc: `get_execution_info${version === 1 ? '' : `_v${version}`}_syscall`,
      selector: 'GetExecutionInfo',
      response: [{ box: [{ box: block }, { box: tx }, 1n, 2n, 3n] }],
      result: [[[10n, 11n, 12n], txValue, 1n, 2n, 3n]],
    };
  }),
];

/** Requests reach the handler cell by cell, answers and failures come back, gas is what the handler says. */
export function syscallCases(t: LibfuncTester): void {
  for (const { libfunc, selector, args = [], request = [], response = [], result = [] } of CASES)
    t.test(libfunc, (same) => {
      const { builder, function: id } = probe(libfunc);
      const compiled = compileFunction(builder.program, id);
      const run = (answer: Cells[], failed: bigint) => {
        const seen: unknown[] = [];
        const syscalls = (): SyscallHandler => ({
          execute(memory, pointer) {
            const at = { cell: pointer };
            const next = () => {
              const value = memory.get(at.cell);
              at.cell = offsetBy(at.cell, 1);
              return value;
            };
            seen.push(
              decodeShortString(next() as bigint),
              next(),
              request.map((cells) => readCells(memory, next, cells)),
            );
            for (const value of [777n, failed, ...writeCells(memory, answer)]) {
              memory.write(at.cell, value);
              at.cell = offsetBy(at.cell, 1);
            }
            return at.cell;
          },
        });
        const outcome = t.call(builder, compiled, args, { syscalls, gas: 1000n });
        // Both engines asked once each.
        same(seen, [selector, 1000n, request, selector, 1000n, request], 'the request');
        same(outcome.gas, 777n, 'gas');
        return outcome.values;
      };
      same(run(response, 0n), way(0, ...result), 'success');
      same(run([ONE], 1n), way(1, [1n, 2n, 3n]), 'failure');
    });

  for (const bits of [256, 512]) {
    t.probe(`sha${bits}_state_handle_init`, [[words8]], () => [null]);
    t.script(
      `sha${bits}_process_block_syscall`,
      [
        'GasBuiltin',
        'System',
        ...(['u32', 'u64'] as const)
          .slice(bits / 256 - 1, bits / 256)
          .flatMap((word) => [
            `Box<Struct<user@Tuple, ${Array(8).fill(word).join(', ')}>>`,
            `Box<Struct<user@Tuple, ${Array(16).fill(word).join(', ')}>>`,
          ]),
      ],
      (f, gas, system, state, block) => {
        const [handle] = f.store(...f.call(`sha${bits}_state_handle_init`, state!));
        f.branch(
          `sha${bits}_process_block_syscall`,
          [gas!, system!, handle!, block!],
          (left, next, digest) => f.ret(left, next, ...f.call(`sha${bits}_state_handle_digest`, digest)),
          (left, next, panic) => f.ret(left, next, panic),
        );
      },
      [[words8, words16]],
      () =>
        way(
          0,
          words8.map((x, i) => x + words16[i]!),
        ),
      {
        // Not the hash: adds block and state, so that every word is seen to travel.
        syscalls: () => ({
          execute(memory, pointer) {
            const [state, block] = [2, 3].map((i) => memory.readPointer(offsetBy(pointer, i))) as [
              Relocatable,
              Relocatable,
            ];
            const [a, b] = [memory.readFelts(state, 8), memory.readFelts(block, 16)];
            const digest = memory.allocate(a.map((x, i) => x + b[i]!));
            for (const [i, value] of [500n, 0n, digest].entries())
              memory.write(offsetBy(pointer, 4 + i), value);
            return offsetBy(pointer, 7);
          },
        }),
      },
    );
  }
}

function readCells(memory: VmMemory, next: () => VmValue | undefined, cells: Cells): unknown {
  const value = next();
  if (typeof cells !== 'object' || !('span' in cells)) return value;
  const [start, end] = [value as Relocatable, next() as Relocatable];
  return { span: memory.readFelts(start, end.offset - start.offset) };
}

function writeCells(memory: VmMemory, cells: readonly Cells[]): VmValue[] {
  return cells.flatMap((value): VmValue[] => {
    if (typeof value === 'bigint') return [value];
    if ('box' in value) return [memory.allocateReadOnly(writeCells(memory, value.box))];
    const items = writeCells(memory, value.span);
    const start = memory.allocateReadOnly(items);
    return [start, offsetBy(start, items.length)];
  });
}
