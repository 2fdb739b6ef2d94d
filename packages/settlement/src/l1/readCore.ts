import type { Felt } from '@cairn/primitives';
import type { Address, Hex } from 'viem';
import { FACT_REGISTRY_ABI } from './abi.ts';
import { CORE_ABI, type CoreState, coreState } from './core.ts';
import type { L1Clients } from './deploy.ts';
import { answered } from './l1Error.ts';

type Reader = Pick<L1Clients, 'reader'>;

/** What a core contract says of itself now. */
export interface CoreView extends CoreState {
  readonly programHash: Felt;
  readonly configHash: Felt;
  /** Its registry of facts. */
  readonly facts: Address;
  readonly verifiers: readonly Address[];
}

/** A state that a core contract has had. */
export interface CoreUpdate {
  readonly root: Felt;
  readonly blockNumber: number;
  readonly blockHash: Felt;
  readonly l1BlockNumber: bigint;
  readonly transactionHash: Hex;
}

/** Reads all that decides over a core contract's state. @throws CairnError as `l1Error` has it. */
export async function readCore({ reader }: Reader, core: Address): Promise<CoreView> {
  const what = `core contract ${core}`;
  const read = <N extends 'programHash' | 'configHash' | 'verifiers' | 'facts'>(functionName: N) =>
    answered(what, reader.readContract({ address: core, abi: CORE_ABI, functionName }));
  return {
    ...(await coreState({ reader }, core)),
    programHash: await read('programHash'),
    configHash: await read('configHash'),
    verifiers: await read('verifiers'),
    facts: await read('facts'),
  };
}

/** True when there is code at the address. @throws CairnError as `l1Error` has it. */
export async function hasCode({ reader }: Reader, address: Address): Promise<boolean> {
  const code = await answered(`contract ${address}`, reader.getCode({ address }));
  return code !== undefined && code !== '0x';
}

/**
 * The update by which a core contract came to a block of L2; undefined when it never had that block as its last.
 * @throws CairnError as `l1Error` has it.
 */
export async function updateOfBlock(
  { reader }: Reader,
  core: Address,
  blockNumber: number,
): Promise<CoreUpdate | undefined> {
  const logs = await answered(
    `core contract ${core}`,
    reader.getContractEvents({
      address: core,
      abi: CORE_ABI,
      eventName: 'LogStateUpdate',
      fromBlock: 'earliest',
      strict: true,
    }),
  );
  const found = logs.find(({ args }) => Number(args.blockNumber) === blockNumber);
  return (
    found && {
      root: found.args.globalRoot,
      blockNumber,
      blockHash: found.args.blockHash,
      l1BlockNumber: found.blockNumber,
      transactionHash: found.transactionHash,
    }
  );
}

/** True once the fact's proof has been accepted by the registry. @throws CairnError as `l1Error` has it. */
export function isFactRegistered({ reader }: Reader, registry: Address, fact: Hex): Promise<boolean> {
  return answered(
    `registry ${registry}`,
    reader.readContract({
      address: registry,
      abi: FACT_REGISTRY_ABI,
      functionName: 'isValid',
      args: [fact],
    }),
  );
}
