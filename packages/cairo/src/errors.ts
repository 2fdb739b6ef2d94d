/** Codes of the errors thrown by `casm/`: malformed files, words that are no instruction, operands without a cell. */
export type CasmErrorCode =
  | 'INVALID_CASM_CLASS'
  | 'INVALID_HINT'
  | 'INVALID_INSTRUCTION'
  | 'UNSTORED_OPERAND';

/**
 * Codes of the errors thrown by `vm/`. Thrown during a run, they carry `details.pc` (`{segment, offset}`)
 * and `details.traceback` (the calls that led there, outermost first).
 */
export type VmErrorCode =
  /** The run used up its steps before it ended. */
  | 'STEP_LIMIT'
  /** The run asked for more memory cells or segments than it may have. */
  | 'MEMORY_LIMIT'
  /** A cell was given a second, different value. */
  | 'INCONSISTENT_MEMORY'
  /** A cell that holds nothing was read. */
  | 'UNKNOWN_CELL'
  /** A pointer stands where a felt must. */
  | 'EXPECTED_FELT'
  /** A felt stands where a pointer must, or an integer does not fit the place it is used in. */
  | 'EXPECTED_POINTER'
  | 'EXPECTED_INTEGER'
  /** Pointers were added, multiplied, or moved outside their segment; a temporary pointer was misused. */
  | 'POINTER_ARITHMETIC'
  | 'RELOCATION'
  /** An operand is unknown and follows from nothing. */
  | 'OPERAND_NOT_DEDUCIBLE'
  | 'ASSERT_EQ_FAILED'
  | 'INVALID_JUMP'
  | 'UNREDUCED_QM31'
  /** A value in a builtin's segment is not one the builtin can prove. */
  | 'RANGE_CHECK_FAILED'
  | 'BUILTIN_INPUT'
  | 'BUILTIN_DEDUCTION'
  | 'BUILTIN_STOP_POINTER'
  | 'INVALID_SIGNATURE'
  /** The finished run could not be proven. */
  | 'SECURITY_CHECK'
  /** A hint is not known here, or could not do its work. */
  | 'UNKNOWN_HINT'
  | 'HINT_FAILED'
  /** The call itself is wrong, before any step. */
  | 'UNSUPPORTED_BUILTINS'
  | 'INSUFFICIENT_ENTRY_POINT_GAS'
  | 'INVALID_PROGRAM'
  | 'INVALID_LAYOUT'
  | 'INVALID_ARGUMENTS'
  /** A file is no zip archive, or no Cairo PIE. */
  | 'INVALID_ARCHIVE'
  | 'INVALID_PIE'
  /** The function returned something that is no result of a contract call. */
  | 'MALFORMED_RETURN_DATA';
