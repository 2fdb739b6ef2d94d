/**
 * Calls `stop` at the first Ctrl-C or SIGTERM and exits with 0 when it has ended, with 1 when it fails. A
 * second signal ends the process at once with 130.
 */
export function onShutdown(stop: () => Promise<void>): void {
  let stopping = false;
  const handle = (): void => {
    if (stopping) process.exit(130);
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
}
