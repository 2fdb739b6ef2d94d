#!/usr/bin/env node
// `npx cairn`: builds the command where it is not built yet, then runs it. It must exist before the build, as npm links it.
import { buildCommand, isBuilt, main } from '../../../scripts/buildCommand.mjs';

if (!isBuilt) buildCommand();
await import(main);
