import { V0_14_2 } from './v0_14_2.ts';
import type { VersionedConstants } from './versionedConstants.ts';
import { vm } from './vm.ts';

/**
 * Numbers of protocol version 0.14.4: what changed since 0.14.2.
 * @see starkware-libs/sequencer, blockifier_versioned_constants_0_14_4.json and
 *   orchestrator_versioned_constants_0_14_4.json
 */
export const V0_14_4: VersionedConstants = {
  ...V0_14_2,
  starknetVersion: '0.14.4',
  executeMaxSierraGas: 1_110_000_000n,
  enableCasmHashMigration: true,
  stripVmFramesInSierraGas: true,
  allowedProofVersions: [0x50524f4f4631n, 0x50524f4f4632n],
  allowedVirtualOsProgramHashes: [
    0x53f6c9fcfd31d27279ff7d7e422b44623550a732b59fe193354a7316a96daa1n,
    0x1c7be3225dfb33359b3ba9ffbe1542b7da27879b6d89f47b967e512463fd324n,
  ],
  syscalls: {
    ...V0_14_2.syscalls,
    CallContract: { constant: vm(901, { range_check: 18 }) },
    EmitEvent: { constant: vm(47, { range_check: 1 }) },
    GetBlockHash: { constant: vm(106, { range_check: 3 }) },
    GetClassHashAt: { constant: vm(75, { range_check: 1 }) },
    GetExecutionInfo: { constant: vm(111, { range_check: 2 }) },
    KeccakRound: { constant: vm(223, { range_check: 45, keccak: 1, bitwise: 6 }) },
    LibraryCall: { constant: vm(874, { range_check: 18 }) },
    MetaTxV0: { constant: vm(1307, { range_check: 20, pedersen: 9 }), perCalldata: vm(8, { pedersen: 1 }) },
    ReplaceClass: { constant: vm(92, { range_check: 1 }) },
    Secp256k1Add: { constant: vm(400, { range_check: 29 }) },
    Secp256k1GetPointFromX: { constant: vm(384, { range_check: 30 }) },
    Secp256k1GetXy: { constant: vm(197, { range_check: 11 }) },
    Secp256k1Mul: { constant: vm(76495, { range_check: 7045 }) },
    Secp256k1New: { constant: vm(445, { range_check: 35 }) },
    Secp256r1Add: { constant: vm(585, { range_check: 57 }) },
    Secp256r1GetPointFromX: { constant: vm(503, { range_check: 44 }) },
    Secp256r1GetXy: { constant: vm(199, { range_check: 11 }) },
    Secp256r1Mul: { constant: vm(125336, { range_check: 13961 }) },
    Secp256r1New: { constant: vm(564, { range_check: 49 }) },
    SendMessageToL1: { constant: vm(127, { range_check: 1 }), perCalldata: vm(6) },
    Sha256ProcessBlock: { constant: vm(1854, { range_check: 65, bitwise: 1115 }) },
    Sha512ProcessBlock: { constant: vm(4737, { range_check: 65, bitwise: 3320 }) },
    StorageRead: { constant: vm(240, { range_check: 1 }) },
    StorageWrite: { constant: vm(599, { range_check: 1 }) },
  },
  transactions: {
    DECLARE: { constant: vm(3938, { range_check: 92, pedersen: 4, poseidon: 15 }) },
    DEPLOY_ACCOUNT: {
      constant: vm(4989, { range_check: 113, pedersen: 10, poseidon: 10 }),
      perCalldata: vm(37, { pedersen: 2, poseidon: 1 }),
      scaling: 2,
    },
    INVOKE: {
      constant: vm(4779, { range_check: 110, pedersen: 4, poseidon: 11 }),
      perCalldata: vm(11, { poseidon: 1 }),
      scaling: 2,
    },
    L1_HANDLER: {
      constant: vm(1329, { range_check: 19, pedersen: 11 }),
      perCalldata: vm(13, { pedersen: 1 }),
    },
  },
  feeMarket: { ...V0_14_2.feeMarket, gasTarget: 1_040_000_000n },
};
