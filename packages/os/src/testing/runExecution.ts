import {
  type CasmClass,
  type HintContext,
  offsetBy,
  type ProgramResult,
  parseCairoProgram,
  type Relocatable,
  runProgram,
} from '@cairn/cairo';
import {
  BlockExecutor,
  type BlockTransaction,
  type ExecutableTransaction,
  type ExecutionEnvironment,
  type ExecutionFlags,
} from '@cairn/execution';
import { CairnError, type ClassHash, type ContractAddress, type Felt, shortString } from '@cairn/primitives';
import type { StateDiff } from '@cairn/protocol';
import type { StateReader } from '@cairn/state';
import { EXECUTION_HINTS } from '../execution/executionHints.ts';
import { ExecutionRun } from '../execution/executionRun.ts';
import { loadClass } from '../execution/loadClass.ts';
import { OsHintState, osState } from '../execution/osHintState.ts';
import type { RecordedTransaction } from '../execution/recordedExecution.ts';
import { ExecutionRecorder } from '../execution/recordTransaction.ts';
import type { LibraryHint } from '../hints/libraryHint.ts';
import { libraryHintRegistry } from '../hints/libraryHintRegistry.ts';
import { libraryModule } from '../library.ts';
import { CLASSES } from './executionChain.ts';
import { EXECUTION_PROGRAM } from './executionProgram.ts';
import { ForgedSyscalls, type ForgeResponse } from './forgedSyscalls.ts';
import { compileJson } from './runZero.ts';

/** Cells of a TransactionRecord. */
const RECORD_CELLS = 11;

/** A class with its code. */
export interface TestClass {
  hash: ClassHash;
  compiledHash: Felt;
  casm: CasmClass;
}

/** A block that the engine executed. */
export interface ExecutedBlock {
  classes: readonly TestClass[];
  parent: StateReader;
  environment: ExecutionEnvironment;
  executed: BlockTransaction[];
  recorded: RecordedTransaction[];
  stateDiff: StateDiff;
}

export function executeBlock(
  parent: StateReader,
  environment: ExecutionEnvironment,
  transactions: readonly (ExecutableTransaction & { flags?: ExecutionFlags })[],
  classes: readonly TestClass[] = CLASSES,
  classHashParts: Readonly<Record<number, Felt[]>> = {},
): ExecutedBlock {
  const compiledHashes = new Map(classes.map(({ hash, compiledHash }) => [hash, compiledHash]));
  const recorder = new ExecutionRecorder(
    environment.classes,
    (classHash) => compiledHashes.get(classHash)!,
    environment.constants.minSierraVersionForSierraGas,
  );
  const executor = new BlockExecutor(parent, { ...environment, observer: recorder }, undefined);
  const results = transactions.map((tx) => recorder.execute(executor, tx, tx.flags));
  return {
    classes,
    parent,
    environment,
    executed: results.map(({ executed }) => executed),
    recorded: results.map(({ recorded }, i) => {
      const parts = classHashParts[i];
      return parts ? { ...recorded, classHashParts: parts } : recorded;
    }),
    stateDiff: executor.state.diff(),
  };
}

/** A contract after the block, as the OS's logs say. */
export interface OsContractChange {
  classHash: Felt;
  nonce: Felt;
  /** First and last value of each cell. */
  storage: Map<Felt, [before: Felt, after: Felt]>;
}

/** What the OS program found. */
export interface ExecutionResult {
  run: ProgramResult;
  contracts: Map<ContractAddress, OsContractChange>;
  classes: Map<Felt, [before: Felt, after: Felt]>;
  records: OsRecord[];
  messagesToL1: Felt[];
  messagesToL2: Felt[];
  /** Steps until the transactions were executed. */
  stepCount: number;
}

export interface OsRecord {
  transactionHash: Felt;
  signature: Felt[];
  isReverted: boolean;
  actualFee: Felt;
  l1Gas: bigint;
  l1DataGas: bigint;
  messageFelts: Felt[];
  events: { fromAddress: Felt; keys: Felt[]; data: Felt[] }[];
}

/** How a run departs from an honest one. */
export interface Forgery {
  hints?: Readonly<Record<string, LibraryHint>>;
  /** Changes the cells of a syscall's response before the contract sees them. */
  response?: ForgeResponse;
  /** Lines of modules that are taken out or replaced. */
  withoutChecks?: readonly SourceChange[];
}

/** A text of a module of the OS, found exactly once, and what stands there instead. */
export interface SourceChange {
  module: string;
  text: string;
  replacement?: string;
}

const programs = new Map<string, unknown>();

function programWithout(changes: readonly SourceChange[]): unknown {
  const key = JSON.stringify(changes);
  const known = programs.get(key);
  if (known) return known;
  const json = compileJson(EXECUTION_PROGRAM, (name) => {
    const source = libraryModule(name);
    const own = changes.filter(({ module }) => `cairn.os.execution.${module}` === name);
    if (!source || own.length === 0) return source;
    return { ...source, source: own.reduce(changed, source.source) };
  });
  programs.set(key, json);
  return json;
}

function changed(source: string, { text, replacement = '' }: SourceChange): string {
  const parts = source.split(text);
  if (parts.length !== 2) throw new Error(`${parts.length - 1} places with ${JSON.stringify(text)}`);
  return parts.join(replacement);
}

/** Runs the OS's execution of a block. */
export function runExecution(block: ExecutedBlock): ExecutionResult {
  const result: Partial<ExecutionResult> = {};
  const run = runProgramOn(block, {}, (h) => void Object.assign(result, readResult(h)));
  return { ...(result as ExecutionResult), run };
}

/**
 * Whether the OS executes a block to its last transaction. What a main program does afterwards, and the checks of
 * builtins at the end of a run, only count with `isWhole`.
 */
export function executes(block: ExecutedBlock, forgery: Forgery = {}, isWhole = false): boolean {
  let isDone = false;
  try {
    runProgramOn(block, forgery, () => {
      isDone = !isWhole;
    });
    return true;
  } catch (error) {
    if (!hasCode(error)) throw error;
  }
  return isDone;
}

function hasCode(error: unknown): boolean {
  return error instanceof CairnError && !error.code.startsWith('ZERO_');
}

function runProgramOn(
  block: ExecutedBlock,
  { hints: replaced = {}, response, withoutChecks = [] }: Forgery,
  done: LibraryHint,
): ProgramResult {
  const json = programWithout(withoutChecks);
  const execution = new ExecutionRun(
    {
      blocks: [block.recorded],
      initialState: block.parent,
      classes: new Map(block.classes.map(({ compiledHash, casm }) => [compiledHash, casm])),
    },
    response && new ForgedSyscalls(response),
  );
  const registry = libraryHintRegistry(json, {
    ...EXECUTION_HINTS,
    'test.block': (h) => giveBlock(h, block),
    'test.done': done,
    ...replaced,
  });
  return runProgram({
    program: parseCairoProgram(json),
    hints: { ...registry, createState: (builtins) => new OsHintState(builtins, execution) },
    maxSteps: 50_000_000,
    engine: 'typescript',
  });
}

function giveBlock(h: HintContext, { environment, recorded, classes }: ExecutedBlock): void {
  osState(h).execution.beginBlock();
  const { block, chain } = environment;
  const { l1Gas, l1DataGas, l2Gas } = block.gasPrices;
  h.set('version', shortString(block.starknetVersion));
  h.set('n_transactions', recorded.length);
  h.set('is_blob', block.l1DaMode === 'BLOB');
  h.set(
    'info',
    h.memory.allocate([BigInt(block.blockNumber), BigInt(block.timestamp), block.sequencerAddress]),
  );
  h.set(
    'prices',
    h.memory.allocate([l1Gas, l1DataGas, l2Gas].flatMap((price) => [price.priceInWei, price.priceInFri])),
  );
  h.set('chain', h.memory.allocate([chain.chainId, chain.strkTokenAddress]));
  const prices = h.pointer('builtin_price_table');
  const known = new Map(classes.map((cls) => [cls.compiledHash, cls.casm]));
  h.set('n_classes', known.size);
  h.set(
    'classes',
    h.memory.allocate([...known].flatMap(([hash, casm]) => [hash, loadClass(h.memory, casm, prices)])),
  );
}

function readResult(h: HintContext): Omit<ExecutionResult, 'run'> {
  const end = h.pointer('contract_state_changes');
  const contracts = new Map<ContractAddress, OsContractChange>();
  for (const [address, [before, after]] of squash(h, end)) {
    const [from, to] = [before, after] as [Relocatable, Relocatable];
    const storageStart = h.memory.readPointer(offsetBy(from, 1));
    const storageEnd = h.memory.readPointer(offsetBy(to, 1));
    if (storageEnd.segment !== storageStart.segment) throw new Error('two storage logs');
    contracts.set(address, {
      classHash: h.memory.readFelt(to),
      nonce: h.memory.readFelt(offsetBy(to, 2)),
      storage: squash(h, storageEnd) as Map<Felt, [Felt, Felt]>,
    });
  }
  const records: OsRecord[] = [];
  const recordsEnd = h.pointer('transaction_records');
  for (let at = h.pointer('records_start'); at.offset < recordsEnd.offset; at = offsetBy(at, RECORD_CELLS)) {
    const [
      hash,
      length,
      signature,
      isReverted,
      fee,
      messages,
      messagesEnd,
      events,
      eventsEnd,
      l1Gas,
      l1DataGas,
    ] = h.readAll(at, RECORD_CELLS) as [
      bigint,
      bigint,
      Relocatable,
      bigint,
      bigint,
      Relocatable,
      Relocatable,
      Relocatable,
      Relocatable,
      bigint,
      bigint,
    ];
    const record: OsRecord = {
      transactionHash: hash,
      signature: h.memory.readFelts(signature, Number(length)),
      isReverted: isReverted === 1n,
      actualFee: fee,
      l1Gas,
      l1DataGas,
      messageFelts: h.memory.readFelts(messages, messagesEnd.offset - messages.offset),
      events: [],
    };
    for (let e = events; e.offset < eventsEnd.offset; e = offsetBy(e, 5)) {
      const [from, keyCount, keys, dataCount, data] = h.readAll(e, 5) as [
        bigint,
        bigint,
        Relocatable,
        bigint,
        Relocatable,
      ];
      record.events.push({
        fromAddress: from,
        keys: feltsAt(h, keys, keyCount),
        data: feltsAt(h, data, dataCount),
      });
    }
    records.push(record);
  }
  const upTo = (pointer: Relocatable): Felt[] =>
    h.memory.readFelts({ segment: pointer.segment, offset: 0 }, pointer.offset);
  return {
    contracts,
    classes: squash(h, h.pointer('contract_class_changes')) as Map<Felt, [Felt, Felt]>,
    records,
    messagesToL1: upTo(h.pointer('carried_outputs.messages_to_l1')),
    messagesToL2: upTo(h.pointer('carried_outputs.messages_to_l2')),
    stepCount: h.machine.stepCount,
  };
}

/** Lists without felts may be at no address. */
function feltsAt(h: HintContext, start: Relocatable, count: bigint): Felt[] {
  return count === 0n ? [] : h.memory.readFelts(start, Number(count));
}

/** First and last value by key of a log that begins at its segment's start; fails where an access does not begin with what the one before left. */
function squash(h: HintContext, end: Relocatable): Map<Felt, [unknown, unknown]> {
  const result = new Map<Felt, [unknown, unknown]>();
  for (let offset = 0; offset < end.offset; offset += 3) {
    const [key, previous, value] = h.readAll({ segment: end.segment, offset }, 3) as [Felt, unknown, unknown];
    const known = result.get(key);
    if (known && JSON.stringify(plain(known[1])) !== JSON.stringify(plain(previous)))
      throw new Error(`broken chain at key ${key}`);
    result.set(key, [known ? known[0] : previous, value]);
  }
  return result;
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
