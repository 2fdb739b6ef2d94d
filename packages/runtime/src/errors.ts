/** Codes of the errors this package throws. */
export type RuntimeErrorCode =
  | 'INVALID_CONFIG'
  | 'CONFIG_FILE_UNREADABLE'
  | 'TASK_TIME_LIMIT'
  | 'TASK_MEMORY_LIMIT'
  | 'TASK_QUEUE_FULL'
  | 'TASK_CANCELLED'
  | 'NODE_UNREACHABLE'
  | 'NODE_ERROR';
