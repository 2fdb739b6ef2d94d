import { defineMethod, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readFelt } from '../wire/read.ts';

/** Shows the CASM of a declared class. */
export const getCompiledCasm = defineMethod({
  name: 'starknet_getCompiledCasm',
  cost: 20,
  parameters: { class_hash: required(readFelt) },
  errors: ['COMPILATION_ERROR', 'CLASS_HASH_NOT_FOUND'],
  handler({ class_hash }, backend) {
    const casm = backend.compiledClass(class_hash);
    if (casm === undefined) throw new SpecificationError('CLASS_HASH_NOT_FOUND');
    return casm;
  },
});
