import { chunksOf, evaluate } from '@cairn/os';
import type { Felt } from '@cairn/primitives';
import {
  type Address,
  bytesToHex,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  parseAbi,
  parseAbiParameters,
  stringToHex,
  type TransactionReceipt,
} from 'viem';
import { pageHash } from '../data/chunkCommitments.ts';
import { DATA_PAGES } from '../generated/dataPages.ts';
import { deployContract, type L1Clients } from './deploy.ts';
import { answered } from './l1Error.ts';
import { refused } from './refusal.ts';
import { estimatedGas, failed, MAX_IN_FLIGHT, sendAll } from './transact.ts';

/** What the registry of pages answers to. */
export const DATA_PAGES_ABI = parseAbi([
  'function registerDataPage(uint256[] words, uint256 z) returns (bytes32 fact)',
  'function factOf(bytes32 pageHash, uint256 z, uint256 y) view returns (bytes32)',
  'function isRegistered(bytes32 pageHash, uint256 z, uint256 y) view returns (bool)',
  'event DataPage(bytes32 indexed fact, bytes32 indexed pageHash, uint256 z, uint256 y, uint256[] words)',
  'error Refused(string reason)',
]);

/** Deploys a registry of pages. @throws CairnError `DEPLOYMENT_FAILED`. */
export function deployDataPages(clients: L1Clients): Promise<Address> {
  return deployContract(clients, DATA_PAGES);
}

/** The name of the fact that a page has stood on chain with this value at z (`factOf` of contracts/DataPages.sol). */
export function pageFact(hash: Hex, z: Felt, y: bigint): Hex {
  return keccak256(
    encodeAbiParameters(parseAbiParameters('bytes32, bytes32, uint256, uint256'), [
      keccak256(stringToHex('cairn.dataPage.v1')),
      hash,
      z,
      y,
    ]),
  );
}

/**
 * Shows the pages of data at the OS output's point, each in a transaction of its own, several at once; those shown already are
 * left out, so it can be called again after a failure. The receipts of what was sent.
 * @throws CairnError `CALL_REFUSED` (nothing was sent for the page), `TRANSACTION_FAILED`, and those of `l1Error`.
 */
export async function registerDataPages(
  clients: L1Clients,
  dataPages: Address,
  data: readonly Felt[],
  z: Felt,
): Promise<TransactionReceipt[]> {
  const what = `data pages ${dataPages}`;
  const receipts: TransactionReceipt[] = [];
  const pages = chunksOf(data, 'pages');
  for (let i = 0; i < pages.length; i += MAX_IN_FLIGHT) {
    const calls = [];
    for (const words of pages.slice(i, i + MAX_IN_FLIGHT)) {
      if (await isRegistered(clients, dataPages, words, z)) continue;
      const call = { to: dataPages, data: registrationOf(words, z) };
      calls.push({ ...call, gas: await estimatedGas(clients, what, call, refused(what)) });
    }
    if (calls.length === 0) continue;
    for (const receipt of await sendAll(clients, what, calls)) {
      if (receipt.status !== 'success') throw failed(what, receipt.transactionHash);
      receipts.push(receipt);
    }
  }
  return receipts;
}

function registrationOf(words: readonly Felt[], z: Felt): Hex {
  return encodeFunctionData({ abi: DATA_PAGES_ABI, functionName: 'registerDataPage', args: [words, z] });
}

function isRegistered(
  { reader }: L1Clients,
  dataPages: Address,
  words: readonly Felt[],
  z: Felt,
): Promise<boolean> {
  return answered(
    `data pages ${dataPages}`,
    reader.readContract({
      address: dataPages,
      abi: DATA_PAGES_ABI,
      functionName: 'isRegistered',
      args: [bytesToHex(pageHash(words)), z, evaluate(words, z)],
    }),
  );
}
