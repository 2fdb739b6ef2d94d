// starknet.js 10.8 asks the global WebSocket for its constants, even when it is given another one; Node 20 has none.
// To be imported before starknet.js.
import { WebSocket } from 'ws';

Object.assign(globalThis, { WebSocket });
