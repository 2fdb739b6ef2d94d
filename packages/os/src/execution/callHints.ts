import { addClassHints, type HintContext, offsetBy, type Relocatable } from '@cairn/cairo';
import { type Felt, keccakF1600 } from '@cairn/primitives';
import type { LibraryHint } from '../hints/libraryHint.ts';
import { executionRun, osState } from './osHintState.ts';

/** Cells of a ContractEntryPoint. */
const ENTRY_POINT_CELLS = 4;
const HALF_BITS = 128n;
/** Words of a keccak state. */
const KECCAK_LANES = 25;
/** Words of a block of keccak-256. */
const KECCAK_RATE = 17n;

/** Hints of calls and of the syscalls that only look at their own request. */
export const CALL_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.execution.new_temporary_segment': (h) => h.memory.addTemporarySegment(),
  'cairn.execution.smaller_selectors': (h) => {
    const selector = h.felt('selector');
    return selectors(h).filter((candidate) => candidate < selector).length;
  },
  'cairn.execution.is_missing_selector': (h) => !selectors(h).includes(h.felt('selector')),
  'cairn.execution.enter_contract': (h) => {
    const run = executionRun(h);
    const call = run.nextCall();
    const { segment } = h.pointer('compiled_class.bytecode_ptr');
    if (!run.loadedCode.has(segment)) {
      addClassHints(h.machine, run.casm(call.compiledClassHash), segment);
      run.loadedCode.add(segment);
    }
    const start = h.memory.addSegment();
    h.set('syscall_start', start);
    run.syscalls.beginCall(call.responses, h.pointer('context.execution_info'));
    const state = osState(h);
    state.syscallPointer = start;
    // Each call has an arena of its own.
    state.dictionaries.clear();
  },
  'cairn.execution.is_out_of_gas': (h) => h.felt('gas') < h.felt('price'),
  'cairn.execution.is_event_refused': (h) =>
    hasTooManyKeys(h) || hasTooMuchData(h) || h.felt('outputs.event_count') === limit(h, 'max_event_count'),
  'cairn.execution.has_too_many_keys': hasTooManyKeys,
  'cairn.execution.has_too_much_data': hasTooMuchData,
  'cairn.execution.is_no_eth_address': (h) => h.felt('to_address') >> 160n !== 0n,
  'cairn.execution.eth_address_halves': (h) => {
    const address = h.felt('to_address');
    h.writeAll(h.pointer('range_check_ptr'), [address & ((1n << HALF_BITS) - 1n), address >> HALF_BITS]);
  },
  'cairn.execution.keccak_permutation': (h) => {
    const state = BigUint64Array.from(h.memory.readFelts(h.pointer('mixed'), KECCAK_LANES));
    keccakF1600(state);
    h.set('permuted', h.memory.allocate([...state]));
  },
  'cairn.execution.keccak_block_count': (h) => h.felt('length') / KECCAK_RATE,
  'cairn.execution.is_block_too_new': (h) => h.signed('blocks_too_old') < 0n,
};

/** Selectors of the class's entry points of one kind. */
function selectors(h: HintContext): Felt[] {
  const start: Relocatable = h.pointer('entry_points');
  return Array.from({ length: h.count('count') }, (_, i) =>
    h.memory.readFelt(offsetBy(start, ENTRY_POINT_CELLS * i)),
  );
}

function hasTooManyKeys(h: HintContext): boolean {
  return h.felt('key_count') > limit(h, 'max_event_keys');
}

function hasTooMuchData(h: HintContext): boolean {
  return h.felt('data_count') > limit(h, 'max_event_data');
}

function limit(h: HintContext, name: string): Felt {
  return h.felt(`constants.${name}`);
}
