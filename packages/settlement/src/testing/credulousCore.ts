import { chunksOf, evaluate, evaluationPoint } from '@cairn/os';
import type { Address } from 'viem';
import { programClaim } from '../cairo/claims.ts';
import { chunkCommitments, type DataOutside } from '../data/chunkCommitments.ts';
import { FACT_REGISTRY_ABI } from '../l1/abi.ts';
import { CORE_ABI, type CoreSetup, deployCore } from '../l1/core.ts';
import { deployDataPages } from '../l1/dataPages.ts';
import { deployContract } from '../l1/deploy.ts';
import { deployFactRegistry } from '../l1/factRegistry.ts';
import { refusalOf } from '../l1/refusal.ts';
import { compileContract } from '../verifier/compileSources.ts';
import { startAnvil, type TestChain } from './anvil.ts';
import { compile } from './askVerifier.ts';

// A verifier that says yes to every statement and takes it for the claim: its facts are its own, so who allows it trusts it.
const CREDULOUS = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
contract Credulous {
    function isProven(bytes32) external pure returns (bool) { return true; }
    function claims(bytes calldata statement) external pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = abi.decode(statement, (bytes32));
    }
    function keyDigest() external pure returns (bytes32) { return bytes32(uint256(1)); }
    function airDigest() external pure returns (bytes32) { return bytes32(uint256(2)); }
    function parametersDigest() external pure returns (bytes32) { return bytes32(uint256(3)); }
}`;
export const PROGRAM = 0x5051n;
export const CONFIG = 0xc0f1n;

/** A chain with what a core contract needs, whose verifiers take every word for proven. */
export interface CredulousChain extends TestChain {
  readonly facts: Address;
  readonly pages: Address;
  readonly verifier: Address;
  readonly otherVerifier: Address;
  /** A core at block 4. */
  readonly core: (changes?: Partial<CoreSetup>) => Promise<Address>;
  /** Registers the fact of an output. */
  readonly prove: (words: readonly bigint[], programHash?: bigint, by?: Address) => Promise<void>;
  /** Calls a function of a core contract: 'success', or why not. */
  readonly call: (
    address: Address,
    functionName: string,
    args?: readonly unknown[],
    value?: bigint,
    by?: TestChain['wallet'],
  ) => Promise<string>;
  /** A method of the node that is not of Ethereum. */
  readonly rpc: (method: string, ...params: unknown[]) => Promise<unknown>;
}

export async function startCredulousChain(options: readonly string[] = []): Promise<CredulousChain> {
  const chain = await startAnvil(options);
  const facts = await deployFactRegistry(chain);
  const pages = await deployDataPages(chain);
  const artifact = compileContract(compile, 'Solidity', 'Credulous', CREDULOUS);
  const verifier = await deployContract(chain, artifact);
  const otherVerifier = await deployContract(chain, artifact);
  const send = async (call: object, by: TestChain['wallet'] = chain.wallet) => {
    const full = { account: by.account, chain: by.chain, ...call } as never;
    try {
      await chain.reader.simulateContract(full);
    } catch (error) {
      return refusalOf(error);
    }
    const hash = await by.writeContract(full);
    return (await chain.reader.waitForTransactionReceipt({ hash })).status;
  };
  return {
    ...chain,
    facts,
    pages,
    verifier,
    otherVerifier,
    core: (changes = {}) =>
      deployCore(chain, facts, {
        root: 0xaan,
        blockNumber: 4n,
        blockHash: 0xb4n,
        programHash: PROGRAM,
        configHash: CONFIG,
        operator: chain.wallet.account.address,
        cancellationDelay: 100n,
        governanceDelay: 50n,
        verifiers: [verifier],
        dataPages: pages,
        ...changes,
      }),
    prove: async (words, programHash = PROGRAM, by = verifier) => {
      const status = await send({
        address: facts,
        abi: FACT_REGISTRY_ABI,
        functionName: 'registerProven',
        args: [by, programClaim(programHash, words)],
      });
      if (status !== 'success') throw new Error(status);
    },
    call: (address, functionName, args = [], value = 0n, by = chain.wallet) =>
      send({ address, abi: CORE_ABI, functionName, args, value }, by),
    rpc: async (method, ...params) => {
      const response = await fetch(chain.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      });
      return ((await response.json()) as { result: unknown }).result;
    },
  };
}

/** The header of an output of a transition from block 4 to 5. */
const HEADER = [0xaan, 0xbbn, 4n, 5n, 0xb4n, 0xb5n, 0n, CONFIG, 0n, 0n];

/** An output of that transition with a word of data in itself; `changes` are made to the whole. */
export function outputInside(
  changes: Readonly<Record<number, bigint>> = {},
  toL1: readonly bigint[] = [],
  toL2: readonly bigint[] = [],
  data: readonly bigint[] = [9n],
): bigint[] {
  return changed([...HEADER, ...segments(toL1, toL2), ...data], changes);
}

/** An output of that transition with its data elsewhere, as the OS puts it out. */
export async function outputOutside(
  data: readonly bigint[],
  place: DataOutside,
  changes: Readonly<Record<number, bigint>> = {},
  toL1: readonly bigint[] = [],
): Promise<bigint[]> {
  const commitments = await chunkCommitments(data, place);
  const z = evaluationPoint(data, commitments);
  const values = chunksOf(data, place).map((words) => evaluate(words, z));
  return changed(
    [
      ...HEADER.with(8, place === 'blobs' ? 1n : 3n),
      z,
      BigInt(commitments.length),
      ...commitments.flat(),
      ...values.flatMap((value) => [value & (2n ** 128n - 1n), value >> 128n]),
      ...segments(toL1, []),
    ],
    changes,
  );
}

function segments(toL1: readonly bigint[], toL2: readonly bigint[]): bigint[] {
  return [BigInt(toL1.length), ...toL1, BigInt(toL2.length), ...toL2];
}

function changed(words: bigint[], changes: Readonly<Record<number, bigint>>): bigint[] {
  for (const [at, value] of Object.entries(changes)) words[Number(at)] = value;
  return words;
}
