/** Codes of the errors this package throws. */
export type RpcErrorCode =
  /** A feeder-gateway document has another shape than expected. */
  | 'MALFORMED_FEEDER_JSON'
  /** A JSON-RPC parameter is missing or has the wrong form. */
  | 'INVALID_PARAMS'
  /** An error of the JSON-RPC specification, see `rpcErrors.ts`. */
  | 'SPECIFICATION_ERROR'
  /** Two methods of one server have the same name. */
  | 'DUPLICATE_METHOD'
  /** A connection has as many subscriptions as it may. */
  | 'TOO_MANY_SUBSCRIPTIONS'
  /** The port the server shall listen on is taken. */
  | 'PORT_IN_USE';
