import { type OsInput, osConfigHash, parseOsOutput } from '@cairn/os';
import { type Felt, formatFelt, parseFelt, shortString } from '@cairn/primitives';
import {
  type BlockHeader,
  blockHash,
  rootOfIndexedTrieProof,
  transactionHash,
  transactionLeaf,
} from '@cairn/protocol';
import { readHeader, readTransaction } from '@cairn/rpc';
import {
  factOf,
  isFactRegistered,
  type L1Clients,
  programClaim,
  readCore,
  updateOfBlock,
} from '@cairn/settlement';
import { fromHex } from '../orchestrator/batchResults.ts';
import { osProgramHash } from '../osProof/osVerifier.ts';
import { verifyOsProof } from '../osProof/verifyOsProof.ts';
import { readPath, type TransactionProofJson } from './transactionProof.ts';

/** What leads from a transaction to L1, in order. */
export const PROOF_STEPS = [
  'transaction',
  'transaction commitment',
  'block hash',
  'chain of blocks',
  'OS output',
  'proof',
  'fact on L1',
  'state on L1',
] as const;

export type ProofStep = (typeof PROOF_STEPS)[number];

/** A step that was checked. */
export type StepVerdict =
  | { readonly step: ProofStep; readonly ok: true; readonly what: string }
  | { readonly step: ProofStep; readonly ok: false; readonly fault: string };

/** What is asked, and of whom; the L1 and the address of the core contract are what is trusted. */
export interface TransactionClaim {
  readonly transactionHash: Felt;
  readonly chain: OsInput['chain'];
  /** Reads the L1. */
  readonly l1: Pick<L1Clients, 'reader'>;
  readonly core: `0x${string}`;
}

/**
 * Checks that a transaction is part of a state that L1 has accepted. Verdicts come step by step; the first that fails is the
 * last. Whatever the proof says, nothing is thrown but for an L1 that does not answer.
 */
export async function* verifyTransactionProof(
  claim: TransactionClaim,
  proof: TransactionProofJson,
  proofFile: Uint8Array,
): AsyncGenerator<StepVerdict> {
  for (const step of PROOF_STEPS) {
    const verdict = await checkStep(step, claim, proof, proofFile);
    yield typeof verdict === 'string'
      ? { step, ok: false, fault: verdict }
      : { step, ok: true, what: verdict.what };
    if (typeof verdict === 'string') return;
  }
}

/** A fault, or what was found. */
type Finding = string | { readonly what: string };

const CHECKS: Readonly<
  Record<
    ProofStep,
    (claim: TransactionClaim, proof: TransactionProofJson, file: Uint8Array) => Finding | Promise<Finding>
  >
> = {
  transaction(claim, proof) {
    const { transaction } = readTransaction(proof.transaction);
    const hash = transactionHash(transaction, claim.chain.chainId);
    return hash === claim.transactionHash
      ? { what: `${transaction.type}, hash ${formatFelt(hash)}` }
      : `it hashes to ${formatFelt(hash)}, expected ${formatFelt(claim.transactionHash)}`;
  },
  'transaction commitment'(claim, proof) {
    const { transaction } = readTransaction(proof.transaction);
    const header = headersOf(proof)[0]!;
    const signature = 'signature' in transaction ? transaction.signature : [];
    const leaf = transactionLeaf(claim.transactionHash, signature, header.starknetVersion);
    const root = rootOfIndexedTrieProof(leaf, proof.index, readPath(proof.path));
    return root === header.transactionCommitment
      ? { what: `transaction ${proof.index} of ${header.transactionCount}` }
      : `the path leads to ${root === undefined ? 'no root' : formatFelt(root)}, the block has ${formatFelt(header.transactionCommitment)}`;
  },
  'block hash'(_, proof) {
    const header = headersOf(proof)[0]!;
    const hash = blockHash(header);
    return hash === header.blockHash
      ? { what: `block ${header.blockNumber}, hash ${formatFelt(hash)}` }
      : `the header hashes to ${formatFelt(hash)}, it claims ${formatFelt(header.blockHash)}`;
  },
  'chain of blocks'(_, proof) {
    const headers = headersOf(proof);
    for (const [i, header] of headers.entries()) {
      if (blockHash(header) !== header.blockHash)
        return `block ${header.blockNumber} does not hash to its hash`;
      if (i > 0 && header.parentHash !== headers[i - 1]!.blockHash)
        return `block ${header.blockNumber} has another parent`;
    }
    return { what: `${headers.length} of the blocks to ${headers.at(-1)!.blockNumber}` };
  },
  'OS output'(claim, proof) {
    if (proof.batch.os_run === null) return 'the OS has not been run over the block yet';
    const output = parseOsOutput(fromHex(proof.batch.os_run.output));
    const last = headersOf(proof).at(-1)!;
    if (output.newBlockHash !== last.blockHash || output.finalRoot !== last.stateRoot)
      return `it has block hash ${formatFelt(output.newBlockHash)}, the chain of blocks ends with ${formatFelt(last.blockHash)}`;
    if (output.configHash !== osConfigHash(claim.chain)) return 'it is of another chain';
    return { what: `blocks ${output.previousBlockNumber + 1n} to ${output.newBlockNumber}` };
  },
  proof(_, proof, file) {
    const output = fromHex(proof.batch.os_run!.output);
    const verdict = verifyOsProof(file, output);
    return verdict.ok ? { what: `STARK of ${file.length} bytes` } : verdict.fault;
  },
  async 'fact on L1'(claim, proof) {
    const core = await readCore(claim.l1, claim.core);
    if (core.programHash !== osProgramHash())
      return `the core contract takes proofs of program ${formatFelt(core.programHash)}, not of this OS`;
    const wanted = programClaim(osProgramHash(), fromHex(proof.batch.os_run!.output));
    for (const verifier of proof.rollup.verifiers) {
      if (!core.verifiers.some((address) => address.toLowerCase() === verifier.verifier.toLowerCase()))
        continue;
      const fact = factOf(verifier, core.facts, wanted);
      if (await isFactRegistered(claim.l1, core.facts, fact)) return { what: `fact ${fact}` };
    }
    return `no verifier that the core contract allows has shown the claim ${wanted}`;
  },
  async 'state on L1'(claim, proof) {
    const core = await readCore(claim.l1, claim.core);
    const last = headersOf(proof).at(-1)!;
    if (core.blockNumber < last.blockNumber)
      return `the core contract is at block ${core.blockNumber}, this needs ${last.blockNumber}`;
    if (core.blockNumber > last.blockNumber) {
      const update = await updateOfBlock(claim.l1, claim.core, last.blockNumber);
      if (update?.blockHash !== last.blockHash)
        return `the core contract has had ${update === undefined ? 'no state' : formatFelt(update.blockHash)} for block ${last.blockNumber}`;
      return { what: `accepted, before block ${core.blockNumber}` };
    }
    return core.root === last.stateRoot && core.blockHash === last.blockHash
      ? { what: `root ${formatFelt(core.root)}` }
      : `the core contract has root ${formatFelt(core.root)} and block ${formatFelt(core.blockHash)}`;
  },
};

async function checkStep(
  step: ProofStep,
  claim: TransactionClaim,
  proof: TransactionProofJson,
  file: Uint8Array,
): Promise<Finding> {
  try {
    return await CHECKS[step](claim, proof, file);
  } catch (error) {
    if (step.endsWith('on L1')) throw error;
    // Only what a node has answered is read here.
    return `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function headersOf(proof: TransactionProofJson): BlockHeader[] {
  return proof.headers.map((header, i) => readHeader(header, `headers[${i}]`));
}

/** The chain that a claim is about. @throws CairnError for a name that is no short string, or an address that is no felt. */
export function claimedChain(chainId: string, strkTokenAddress: string): OsInput['chain'] {
  return { chainId: shortString(chainId), strkTokenAddress: parseFelt(strkTokenAddress) };
}
