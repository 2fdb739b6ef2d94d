// `npm start`: builds what is stale, then runs `cairn up` with the arguments given.
import { buildCommand, main } from './buildCommand.mjs';

buildCommand();
process.argv.splice(2, 0, 'up');
await import(main);
