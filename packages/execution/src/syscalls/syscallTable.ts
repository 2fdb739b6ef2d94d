import type { SyscallName } from '@cairn/protocol';
import { callContract, libraryCall, metaTxV0 } from './calls.ts';
import { deploy, getClassHashAt, replaceClass } from './contracts.ts';
import { getBlockHash } from './getBlockHash.ts';
import { getExecutionInfo } from './getExecutionInfo.ts';
import { keccak, sha256ProcessBlock, sha512ProcessBlock } from './hashes.ts';
import { emitEvent, sendMessageToL1 } from './output.ts';
import { secp256k1Syscalls, secp256r1Syscalls } from './secp.ts';
import { storageRead, storageWrite } from './storage.ts';
import type { Syscall } from './syscall.ts';

/** Every syscall a Sierra contract of the supported protocol versions can make. */
export const SYSCALLS: Record<Exclude<SyscallName, 'KeccakRound'>, Syscall> &
  Partial<Record<SyscallName, Syscall>> = {
  CallContract: callContract,
  Deploy: deploy,
  EmitEvent: emitEvent,
  GetBlockHash: getBlockHash,
  GetClassHashAt: getClassHashAt,
  GetExecutionInfo: getExecutionInfo,
  Keccak: keccak,
  LibraryCall: libraryCall,
  MetaTxV0: metaTxV0,
  ReplaceClass: replaceClass,
  ...secp256k1Syscalls,
  ...secp256r1Syscalls,
  SendMessageToL1: sendMessageToL1,
  Sha256ProcessBlock: sha256ProcessBlock,
  Sha512ProcessBlock: sha512ProcessBlock,
  StorageRead: storageRead,
  StorageWrite: storageWrite,
};
