// What the host may call.

export { allocate, arenaEnd, attach, closeRun, grow, newSegment, openRun, prepareRecords } from './arena';
export { countAccessed, countPresent, isBitwiseSound, markAccessed } from './builtins';
export { addCells, subtractCells, multiplyCells, RESULT as resultAddress } from './cells';
export { divide, QUOTIENT as quotientAddress, REMAINDER as remainderAddress } from './divide';
export { run } from './run';
