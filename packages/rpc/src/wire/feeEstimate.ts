import { formatFelt } from '@cairn/primitives';
import type { SimulationView } from '../backend.ts';

/** FEE_ESTIMATE, or MESSAGE_FEE_ESTIMATE when the prices are in wei. */
export function formatFeeEstimate({ gas, prices, overallFee }: SimulationView) {
  return {
    l1_gas_consumed: formatFelt(gas.l1Gas),
    l1_gas_price: formatFelt(prices.l1Gas),
    l2_gas_consumed: formatFelt(gas.l2Gas),
    l2_gas_price: formatFelt(prices.l2Gas),
    l1_data_gas_consumed: formatFelt(gas.l1DataGas),
    l1_data_gas_price: formatFelt(prices.l1DataGas),
    overall_fee: formatFelt(overallFee),
    unit: prices.unit,
  };
}
