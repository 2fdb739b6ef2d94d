import type { Relocatable, VmMemory, VmValue } from '@cairn/cairo';
import type {
  BlockExecutor,
  BlockTransaction,
  ClassSource,
  ExecutableTransaction,
  ExecutionFlags,
  ExecutionObserver,
} from '@cairn/execution';
import { CairnError, type ClassHash, type Felt, formatFelt } from '@cairn/primitives';
import { isAtLeast, type SyscallName, type VersionedConstants } from '@cairn/protocol';
import type { OsErrorCode } from '../errors.ts';
import type { RecordedCall, RecordedResponse, RecordedTransaction } from './recordedExecution.ts';

/** Records what the OS needs to execute again the transactions that one block executor executes. */
export class ExecutionRecorder implements ExecutionObserver {
  /** The classes for the executor's environment: what it looks up here, the OS looks up, too. */
  readonly classes: ClassSource;
  /** Compiled class hashes of all that was looked up, whether or not its code ran. */
  readonly lookedUpClasses = new Set<Felt>();
  readonly #classes: ClassSource;
  readonly #compiledClassHash: (classHash: ClassHash) => Felt;
  readonly #minSierraVersion: string;
  #calls: RecordedCall[] = [];
  /** What the OS cannot execute; thrown when the transaction is done, so that no contract sees a failure. */
  #problem: CairnError | undefined;

  /** @param minSierraVersion of classes charged by gas; others the OS cannot execute. */
  constructor(
    classes: ClassSource,
    compiledClassHash: (classHash: ClassHash) => Felt,
    minSierraVersion: string,
  ) {
    this.#classes = classes;
    this.#compiledClassHash = compiledClassHash;
    this.#minSierraVersion = minSierraVersion;
    this.classes = {
      executableClass: (classHash) => {
        this.lookedUpClasses.add(this.#compiledClassHash(classHash));
        return classes.executableClass(classHash);
      },
    };
  }

  codeStarted({ classHash }: { classHash: ClassHash }) {
    const version = this.#classes.executableClass(classHash)!.sierraVersion;
    if (!isAtLeast(version, this.#minSierraVersion))
      this.#problem ??= new CairnError<OsErrorCode>(
        'STEP_CHARGED_CLASS',
        `class ${formatFelt(classHash)}: got Sierra version ${version}, expected at least ${this.#minSierraVersion}`,
        {
          fix: 'compile the class with a compiler of today: the OS executes only code that counts its own gas',
        },
      );
    const responses: RecordedResponse[] = [];
    this.#calls.push({ classHash, compiledClassHash: this.#compiledClassHash(classHash), responses });
    return (name: SyscallName, response: readonly VmValue[], memory: VmMemory) => {
      responses.push(recordedResponse(name, response, memory));
    };
  }

  /**
   * Executes a transaction, with this recorder among the executor's environment, and adds it to the block.
   * @throws CairnError as {@link BlockExecutor.execute}, `STEP_CHARGED_CLASS`.
   */
  execute(
    executor: BlockExecutor,
    transaction: ExecutableTransaction,
    flags?: ExecutionFlags,
  ): { executed: BlockTransaction; recorded: RecordedTransaction } {
    this.#calls = [];
    this.#problem = undefined;
    const executed = executor.execute(transaction, flags);
    if (this.#problem) throw this.#problem;
    return {
      executed,
      recorded: {
        transaction: transaction.transaction,
        isReverted: executed.outcome.revertReason !== undefined,
        notedGas: notedGas(executed, executor.environment.constants),
        ethTokenAddress: executor.environment.chain.ethTokenAddress,
        codeSize: transaction.codeSize,
        calls: this.#calls,
      },
    };
  }
}

/** What a reverted invoke's execution left of its gas when it was last counted. */
function notedGas({ transaction, outcome }: BlockTransaction, constants: VersionedConstants): bigint {
  if (transaction.type !== 'INVOKE') return 0n;
  const validationGas = outcome.validateCall?.gasConsumed ?? 0n;
  const left = transaction.resourceBounds.l2Gas.maxAmount - validationGas;
  const given = left < constants.executeMaxSierraGas ? left : constants.executeMaxSierraGas;
  return given - (outcome.gas.sierraGas - validationGas);
}

/** Words of the hash states that responses point to. */
const STATE_WORDS: Partial<Record<SyscallName, number>> = { Sha256ProcessBlock: 8, Sha512ProcessBlock: 8 };

function recordedResponse(name: SyscallName, cells: readonly VmValue[], memory: VmMemory): RecordedResponse {
  const [gas, failureFlag, ...rest] = cells as [bigint, bigint, ...VmValue[]];
  const felts: Felt[] = [];
  for (let i = 0; i < rest.length; i++) {
    const cell = rest[i]!;
    if (typeof cell === 'bigint') {
      felts.push(cell);
      continue;
    }
    const end = rest[i + 1] as Relocatable | undefined;
    // A pointer that begins no span is one to a hash state or to what the OS knows.
    const length = end === undefined ? (STATE_WORDS[name] ?? 0) : end.offset - cell.offset;
    felts.push(...memory.readFelts(cell, length));
    i++;
  }
  return { gas, isFailed: failureFlag === 1n, felts };
}
