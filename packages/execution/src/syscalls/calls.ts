import { type ClassHash, type ContractAddress, type Felt, selectorFromName } from '@cairn/primitives';
import { QUERY_VERSION_BASE, transactionHash } from '@cairn/protocol';
import type { EntryPointCall } from '../callInfo.ts';
import type { GasCounter } from '../entryPoint/entryPointContext.ts';
import { ExecutionFailure } from '../revertReason/executionFailure.ts';
import type { StarknetSyscalls } from './starknetSyscalls.ts';
import { type Syscall, SyscallRevert, spanResponse } from './syscall.ts';

const EXECUTE = selectorFromName('__execute__');

/** Runs an inner call; a failure that ends the transaction gets the called contract as a level. */
function callAndTrace(
  call: EntryPointCall & { classHash: ClassHash },
  how: 'call' | 'libraryCall',
  frame: StarknetSyscalls,
  gas: GasCounter,
): readonly Felt[] {
  try {
    return frame.innerCall(call, gas);
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    const { contractAddress, classHash, selector } = call;
    throw error.within({ kind: 'entryPoint', how, contractAddress, classHash, selector });
  }
}

/** Calls another contract. */
export const callContract: Syscall<{ address: ContractAddress; selector: Felt; calldata: Felt[] }> = {
  name: 'CallContract',
  read: (reader) => ({ address: reader.address(), selector: reader.felt(), calldata: reader.felts() }),
  run: ({ address, selector, calldata }, frame, gas) => {
    // An account may only call itself while it validates.
    if (address !== frame.call.contractAddress) frame.rejectInValidation('call_contract');
    if (selector === EXECUTE) throw SyscallRevert.withText('Invalid argument');
    const call = {
      type: 'EXTERNAL' as const,
      selector,
      calldata,
      contractAddress: address,
      callerAddress: frame.call.contractAddress,
      classHash: frame.context.state.classHashAt(address),
      kind: 'CALL' as const,
      initialGas: gas.remaining,
    };
    return spanResponse(frame.memory, callAndTrace(call, 'call', frame, gas));
  },
};

/** Runs code of another class on the calling contract's storage. */
export const libraryCall: Syscall<{ classHash: ClassHash; selector: Felt; calldata: Felt[] }> = {
  name: 'LibraryCall',
  read: (reader) => ({ classHash: reader.felt(), selector: reader.felt(), calldata: reader.felts() }),
  run: ({ classHash, selector, calldata }, frame, gas) => {
    const call = {
      type: 'EXTERNAL' as const,
      selector,
      calldata,
      contractAddress: frame.call.contractAddress,
      callerAddress: frame.call.callerAddress,
      classHash,
      kind: 'LIBRARY_CALL' as const,
      initialGas: gas.remaining,
    };
    return spanResponse(frame.memory, callAndTrace(call, 'libraryCall', frame, gas));
  },
};

/** Enters `__execute__` of another account as if by an old transaction of version 0, signed for it. */
export const metaTxV0: Syscall<{
  address: ContractAddress;
  selector: Felt;
  calldata: Felt[];
  signature: Felt[];
}> = {
  name: 'MetaTxV0',
  read: (reader) => ({
    address: reader.address(),
    selector: reader.felt(),
    calldata: reader.felts(),
    signature: reader.felts(),
  }),
  linearFactor: ({ calldata }) => calldata.length,
  run: ({ address, selector, calldata, signature }, frame, gas) => {
    frame.rejectInValidation('meta_tx_v0');
    if (selector !== EXECUTE) throw SyscallRevert.withText('Invalid argument');
    const { context } = frame;
    const outer = context.transaction;
    const query = outer.info.version >= QUERY_VERSION_BASE;
    const invoke = {
      type: 'INVOKE' as const,
      version: 0 as const,
      contractAddress: address,
      entryPointSelector: selector,
      calldata,
      maxFee: 0n,
      signature,
    };
    const call = {
      type: 'EXTERNAL' as const,
      selector,
      calldata,
      contractAddress: address,
      callerAddress: 0n,
      classHash: context.state.classHashAt(address),
      kind: 'CALL' as const,
      initialGas: gas.remaining,
    };
    context.transaction = {
      ...outer,
      info: {
        version: query ? QUERY_VERSION_BASE : 0n,
        hash: transactionHash(invoke, outer.chain.chainId, query),
        senderAddress: address,
        signature,
        nonce: 0n,
      },
    };
    try {
      return spanResponse(frame.memory, callAndTrace(call, 'call', frame, gas));
    } finally {
      context.transaction = outer;
    }
  },
};
