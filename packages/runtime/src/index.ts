export { configToml } from './config/configText.ts';
export { type ConfigOrigin, type LoadedConfig, loadConfig } from './config/loadConfig.ts';
export { CONFIG_FIELDS, type Config, type ConfigName, environmentName, flagName } from './config/schema.ts';
export type { RuntimeErrorCode } from './errors.ts';
export { rpcCall, rpcResponse } from './jsonRpcClient.ts';
export { onShutdown } from './lifecycle.ts';
export { Metrics } from './metrics.ts';
export { serveTasks } from './tasks/serveTasks.ts';
export { type TaskLimits, TaskWorker } from './tasks/taskWorker.ts';
