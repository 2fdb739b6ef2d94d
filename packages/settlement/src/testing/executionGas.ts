import { type Address, concatHex, type Hex, pad } from 'viem';
import { deployContract } from '../l1/deploy.ts';
import { compileContract } from '../verifier/compileSources.ts';
import type { TestChain } from './anvil.ts';
import { compile } from './askVerifier.ts';

/** Gas of a transaction: what EIP-7623 charges is the greater of floor and standard price with execution. */
export interface GasFigures {
  readonly calldataBytes: number;
  readonly executionGas: number;
  /** 21,000 and 4 or 16 for each byte, and the execution. */
  readonly standardGas: number;
  /** 21,000 and 10 or 40 for each byte. */
  readonly floorGas: number;
  readonly chargedGas: number;
  readonly decides: 'floor' | 'execution';
}

// Calls the address in the first word with the calldata behind it and returns the gas that took.
const METER = `object "Meter" {
code { datacopy(0, dataoffset("runtime"), datasize("runtime")) return(0, datasize("runtime")) }
object "runtime" { code {
  let size := sub(calldatasize(), 32)
  calldatacopy(0, 32, size)
  let before := gas()
  let done := staticcall(gas(), calldataload(0), 0, size, 0, 0)
  mstore(0, sub(before, gas()))
  if iszero(done) { revert(0, 0) }
  return(0, 32)
} } }`;

/** Gas of a call that must succeed. The call's own 2,600 for a cold address is in the execution (a transaction has none). */
export async function measureGas(chain: TestChain, to: Address, data: Hex): Promise<GasFigures> {
  const meter = await deployContract(chain, compileContract(compile, 'Yul', 'Meter', METER));
  const { data: result } = await chain.reader.call({
    to: meter,
    data: concatHex([pad(to, { size: 32 }), data]),
    gas: 150_000_000n,
  });
  const executionGas = Number(BigInt(result!));
  const bytes = Buffer.from(data.slice(2), 'hex');
  const zeros = bytes.filter((byte) => byte === 0).length;
  const standardGas = 21_000 + 4 * zeros + 16 * (bytes.length - zeros) + executionGas;
  const floorGas = 21_000 + 10 * zeros + 40 * (bytes.length - zeros);
  return {
    calldataBytes: bytes.length,
    executionGas,
    standardGas,
    floorGas,
    chargedGas: Math.max(standardGas, floorGas),
    decides: standardGas > floorGas ? 'execution' : 'floor',
  };
}
