// What the host may call. Arguments and results that are not numbers are cells from `ioAddress` on.

export { blake2sAbsorb, blake2sAbsorbFelts, blake2sCompress } from './blake2s';
export { cellsFromBytes, cellsToBytes } from './cells';
export { ecdsaCheck, orderInverse } from './ecdsa';
export { keccakAbsorb, keccakAbsorbPair, keccakPermute } from './keccak';
export { IO as ioAddress } from './layout';
export { invert, squareRoot } from './squareRoot';
export { addPoints, ecOp, generatorPrepare, multiplyGenerator, multiplyPoint } from './multiply';
export { pedersen, pedersenBatch, pedersenFold, pedersenPrepare } from './pedersen';
export { hadesPermutation, poseidon, poseidonAbsorb, poseidonPrepare } from './poseidon';
export { poseidonBatch, poseidonLanesPrepare } from './poseidonLanes';
export { repeatKernel } from './repeat';
