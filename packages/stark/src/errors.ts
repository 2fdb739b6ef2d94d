/** Every code that @cairn/stark puts into a CairnError. */
export type StarkErrorCode =
  /** An AIR text that does not hold together: a name used twice, a column of another table, a wrong arity. */
  | 'INVALID_AIR'
  /** An integer identity whose two sides could differ by p or more, so that it might hold only modulo p. */
  | 'INTEGER_IDENTITY_WRAPS'
  /** A constraint of higher degree than the AIR allows. */
  | 'DEGREE_TOO_HIGH'
  /** Proof parameters that do not fit together. */
  | 'INVALID_PARAMETERS'
  /** A trace whose shape does not fit the AIR: table missing, height, value outside [0, p). */
  | 'INVALID_TRACE'
  /** A trace that violates a constraint; details name table, row and constraint. */
  | 'TRACE_VIOLATES_CONSTRAINT'
  /** Look-ups that do not balance; details name bus and tuple. */
  | 'BUS_UNBALANCED'
  /** Division by the zero of a field. */
  | 'DIVISION_BY_ZERO'
  /** The memory budget given is too small for the trace. */
  | 'MEMORY_BUDGET_EXCEEDED';
