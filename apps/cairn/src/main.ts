#!/usr/bin/env node
import { CairnError } from '@cairn/primitives';
import { Command, CommanderError } from 'commander';
import { accountsCommand } from './commands/accounts.ts';
import { compileCommand } from './commands/compile.ts';
import { configCommand } from './commands/config.ts';
import { conformCommand } from './commands/conform.ts';
import { demoCommand } from './commands/demo.ts';
import { jobsCommand } from './commands/jobs.ts';
import { osCommand } from './commands/os.ts';
import { proveCommand } from './commands/prove.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { runCommand } from './commands/run.ts';
import { statusCommand } from './commands/status.ts';
import { upCommand } from './commands/up.ts';
import { verifyCommand } from './commands/verify.ts';
import { zeroCommand } from './commands/zero.ts';
import { EXIT } from './exitCodes.ts';
import { errorText } from './output.ts';

/** Exit codes by error code; other coded errors are failures. */
const EXIT_OF: Record<string, number> = {
  INVALID_CONFIG: EXIT.usage,
  CONFIG_FILE_UNREADABLE: EXIT.usage,
  FILE_UNREADABLE: EXIT.usage,
  INVALID_JSON: EXIT.usage,
  INVALID_RUN: EXIT.usage,
  INVALID_ARGUMENT_TEXT: EXIT.usage,
  INVALID_LAYOUT: EXIT.usage,
  FILE_UNWRITABLE: EXIT.environment,
  PORT_IN_USE: EXIT.environment,
  STORAGE_UNAVAILABLE: EXIT.environment,
  L1_UNREACHABLE: EXIT.environment,
  DEV_L1_FAILED: EXIT.environment,
};

const program = new Command('cairn')
  .description('the whole Starknet stack as one command')
  .enablePositionalOptions()
  .exitOverride();
for (const add of [
  upCommand,
  demoCommand,
  accountsCommand,
  statusCommand,
  jobsCommand,
  compileCommand,
  runCommand,
  proveCommand,
  verifyCommand,
  rebuildCommand,
  zeroCommand,
  configCommand,
  conformCommand,
  osCommand,
]) {
  add(program);
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCode(error);
  // commander has printed its own errors.
  if (!(error instanceof CommanderError)) process.stderr.write(`${errorText(error)}\n`);
}

function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usage;
  if (!(error instanceof CairnError)) return EXIT.bug;
  return EXIT_OF[error.code] ?? EXIT.failure;
}
