import { CairnError, decodeShortString, type Felt, formatFelt, parseFelt } from '@cairn/primitives';
import { contractLeaf, isAtLeast, sierraClassHash, stateRoot } from '@cairn/protocol';
import { verifyTrieProof } from '@cairn/state';
import { parseFeederStateUpdate } from '../feeder/parseStateUpdate.ts';
import { isBug, JSON_RPC_ERRORS, SPECIFICATION_ERRORS, type SpecificationErrorName } from '../rpcErrors.ts';
import { readContractClass } from '../wire/contractClass.ts';
import { readStorageProof } from '../wire/storageProof.ts';
import { type ConformCheck, conformBlock } from './conformBlock.ts';
import { feederBlock, feederStateUpdate } from './feederForm.ts';

/** Sends one JSON-RPC call and gives the response as it comes. */
export type NodeCall = (
  method: string,
  params: unknown,
) => Promise<{ result?: unknown; error?: { code?: number; message?: string } }>;

/** Cells of the newest block that are proven. */
const PROVEN_CELL_COUNT = 20;
const NOBODY = '0x7ea5e7a4dde55';

/** Calls that every node must refuse, and with which error. */
const REFUSED: readonly [
  method: string,
  params: unknown[],
  error: SpecificationErrorName | keyof typeof JSON_RPC_ERRORS,
][] = [
  ['getBlockWithTxHashes', [{ block_number: 2 ** 40 }], 'BLOCK_NOT_FOUND'],
  ['getBlockWithReceipts', [{ block_hash: NOBODY }], 'BLOCK_NOT_FOUND'],
  ['getStateUpdate', [{ block_hash: NOBODY }], 'BLOCK_NOT_FOUND'],
  ['getTransactionByHash', [NOBODY], 'TXN_HASH_NOT_FOUND'],
  ['getTransactionReceipt', [NOBODY], 'TXN_HASH_NOT_FOUND'],
  ['getTransactionStatus', [NOBODY], 'TXN_HASH_NOT_FOUND'],
  ['traceTransaction', [NOBODY], 'TXN_HASH_NOT_FOUND'],
  ['getTransactionByBlockIdAndIndex', ['latest', 1_000_000_000], 'INVALID_TXN_INDEX'],
  ['getClass', ['latest', NOBODY], 'CLASS_HASH_NOT_FOUND'],
  ['getClassAt', ['latest', NOBODY], 'CONTRACT_NOT_FOUND'],
  ['getClassHashAt', ['latest', NOBODY], 'CONTRACT_NOT_FOUND'],
  ['getNonce', ['latest', NOBODY], 'CONTRACT_NOT_FOUND'],
  ['getStorageAt', [NOBODY, '0x0', 'latest'], 'CONTRACT_NOT_FOUND'],
  [
    'call',
    [{ contract_address: NOBODY, entry_point_selector: '0x1', calldata: [] }, 'latest'],
    'CONTRACT_NOT_FOUND',
  ],
  ['getEvents', [{ chunk_size: 1_000_000 }], 'PAGE_SIZE_TOO_BIG'],
  ['getEvents', [{ chunk_size: 1, continuation_token: '?' }], 'INVALID_CONTINUATION_TOKEN'],
  ['getNonce', ['latest', 'not a felt'], 'INVALID_PARAMS'],
  ['noSuchMethod', [], 'METHOD_NOT_FOUND'],
];

/**
 * Holds a node against the protocol over its JSON-RPC: hashes, commitments and links of its last `blockCount` blocks,
 * the hashes of the classes they declare, the state of the newest by storage proofs, and its errors. An answer of
 * another shape than the specification's is a check that fails.
 * @throws what `call` throws.
 */
export async function* conformNode(call: NodeCall, blockCount: number): AsyncGenerator<ConformCheck> {
  const ask: Ask = async (method, params = []) => {
    const { result, error } = await call(`starknet_${method}`, params);
    if (error === undefined && result !== undefined) return result;
    throw new CairnError('MALFORMED_FEEDER_JSON', `${method}: ${error?.message ?? 'no result'}`);
  };
  yield* guarded('the chain', () => conformChain(ask, blockCount));
  for (const [method, params, name] of REFUSED) {
    const { error } = await call(`starknet_${method}`, params);
    const expected = { ...SPECIFICATION_ERRORS, ...JSON_RPC_ERRORS }[name];
    yield equal(`${method} ${JSON.stringify(params)} is refused`, String(expected.code), String(error?.code));
  }
}

type Ask = (method: string, params?: unknown[]) => Promise<unknown>;

/** The checks of `run`; where the node's answer cannot be read, one more that failed. */
async function* guarded(
  name: string,
  run: () => AsyncIterable<ConformCheck> | Iterable<ConformCheck>,
): AsyncGenerator<ConformCheck> {
  try {
    yield* run();
  } catch (error) {
    if (!(error instanceof CairnError) || isBug(error)) throw error;
    yield equal(name, 'an answer as specified', error.message);
  }
}

async function* conformChain(ask: Ask, blockCount: number): AsyncGenerator<ConformCheck> {
  const specVersion = String(await ask('specVersion'));
  yield equal('spec version 0.10', '0.10', specVersion.split('.').slice(0, 2).join('.'));
  const chainId = decodeShortString(parseFelt(String(await ask('chainId')))) ?? '';
  const head = Number(await ask('blockNumber'));

  let parentHash: string | undefined;
  for (let number = Math.max(0, head - blockCount + 1); number <= head; number++) {
    const id = { block_number: number };
    const flags = isAtLeast(specVersion, '0.10.1') ? [['INCLUDE_PROOF_FACTS']] : [];
    const block = feederBlock(await ask('getBlockWithReceipts', [id, ...flags]));
    const stateUpdate = feederStateUpdate(await ask('getStateUpdate', [id]));
    for (const check of conformBlock({ block, stateUpdate, chainId }))
      yield { ...check, name: `block ${number}: ${check.name}` };
    if (parentHash !== undefined)
      yield equal(`block ${number}: parent_hash`, parentHash, String(block.parent_block_hash));
    parentHash = String(block.block_hash);
    for (const classHash of parseFeederStateUpdate(stateUpdate).stateDiff.declaredClasses.keys())
      yield* guarded(`class ${formatFelt(classHash)}`, async function* () {
        yield* conformClass(classHash, await ask('getClass', [id, formatFelt(classHash)]));
      });
    if (number === head) yield* guarded('state', () => conformState(ask, block, stateUpdate));
  }
}

function* conformClass(classHash: Felt, json: unknown): Generator<ConformCheck> {
  const computed = sierraClassHash(readContractClass(json, 'class'));
  yield equal(`class ${formatFelt(classHash)}`, formatFelt(classHash), formatFelt(computed));
}

/** Proves cells that a block has written, and reads them. */
async function* conformState(
  ask: Ask,
  block: Readonly<Record<string, unknown>>,
  update: unknown,
): AsyncGenerator<ConformCheck> {
  const { stateDiff } = parseFeederStateUpdate(update);
  const id = { block_hash: block.block_hash };
  let left = PROVEN_CELL_COUNT;
  for (const [address, cells] of stateDiff.storage) {
    const keys = [...cells.keys()].slice(0, left);
    left -= keys.length;
    if (keys.length === 0) return;
    const contract_address = formatFelt(address);
    const asked = [{ contract_address, storage_keys: keys.map(formatFelt) }];
    const { roots, contracts, contractLeaves, storage } = readStorageProof(
      await ask('getStorageProof', [id, [], [contract_address], asked]),
      'storage proof',
    );
    const root = stateRoot(roots.contractsRoot, roots.classesRoot, String(block.starknet_version));
    yield equal('state root of the tries', String(block.state_root), formatFelt(root));
    const leaf = verifyTrieProof(contracts, roots.contractsRoot, address, 'pedersen');
    const contract = contractLeaves[0] ?? { nonce: 0n, classHash: 0n, storageRoot: 0n };
    yield equal(
      `contract ${contract_address} as proven`,
      formatFelt(contractLeaf(contract)),
      leaf.ok ? formatFelt(leaf.value) : leaf.error,
    );
    for (const key of keys) {
      const proven = verifyTrieProof(storage[0] ?? new Map(), contract.storageRoot, key, 'pedersen');
      const name = `cell ${formatFelt(key)} of ${contract_address}`;
      yield equal(
        `${name} as proven`,
        formatFelt(cells.get(key)!),
        proven.ok ? formatFelt(proven.value) : proven.error,
      );
      const value = String(await ask('getStorageAt', [contract_address, formatFelt(key), id]));
      yield equal(`${name} as read`, formatFelt(cells.get(key)!), value);
    }
  }
}

function equal(name: string, expected: string, computed: string): ConformCheck {
  return { name, expected, computed, equal: expected === computed };
}
