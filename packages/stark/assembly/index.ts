export { blakeGrind, blakeLeaves, blakeNodes, keccakGrind, keccakLeaves, keccakNodes, keccakShortNodes } from './hashing';
export { compressFour } from './blakeLanes';
export { keccakF1600Pair, setPairBuffer } from './keccakKernels';
export {
  addLifted,
  addQuotient,
  combineColumns,
  divideFractions,
  foldPairs,
  repeatSecureMac,
  repeatVectorMul,
  runningSums,
  openColumn,
  samplePoint,
  scalePlane,
  sumWords,
} from './secureKernels';
export { evaluateBlock, interpolateBlock, interpolateRows, placeNext } from './transform';
