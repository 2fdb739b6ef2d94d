import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';
import { contractAddress } from '@cairn/protocol';
import { ExecutionFailure } from '../revertReason/executionFailure.ts';
import { findDeclaredClass, notDeclared } from '../stateAccess.ts';
import { type Syscall, spanResponse } from './syscall.ts';

/** Deploys a contract; a failing constructor fails the transaction. */
export const deploy: Syscall<{ classHash: ClassHash; salt: Felt; calldata: Felt[]; fromZero: boolean }> = {
  name: 'Deploy',
  read: (reader) => ({
    classHash: reader.felt(),
    salt: reader.felt(),
    calldata: reader.felts(),
    fromZero: reader.bool('The deploy_from_zero field in the deploy system call must be 0 or 1.'),
  }),
  linearFactor: ({ calldata }) => calldata.length,
  run: ({ classHash, salt, calldata, fromZero }, frame, gas) => {
    frame.rejectInValidation('deploy');
    const deployer = frame.call.contractAddress;
    const address = contractAddress({
      deployer: fromZero ? 0n : deployer,
      salt,
      classHash,
      constructorCalldata: calldata,
    });
    const info = frame.context.runner.deploy({ address, classHash, calldata, deployer }, frame.context, gas);
    frame.innerCalls.push(info);
    return [address, ...spanResponse(frame.memory, info.retdata)];
  },
};

/** Class hash of any contract, 0 where none is deployed. */
export const getClassHashAt: Syscall<ContractAddress> = {
  name: 'GetClassHashAt',
  read: (reader) => reader.address(),
  run: (address, frame) => {
    frame.rejectInValidation('get_class_hash_at');
    return [frame.context.state.classHashAt(address)];
  },
};

/** Replaces the class of the calling contract by a declared one. */
export const replaceClass: Syscall<ClassHash> = {
  name: 'ReplaceClass',
  read: (reader) => reader.felt(),
  run: (classHash, { context, call }) => {
    if (!findDeclaredClass(context.state, context.transaction.classes, classHash)) {
      throw ExecutionFailure.fromText(notDeclared(classHash));
    }
    context.state.setClassHash(call.contractAddress, classHash);
    return [];
  },
};
