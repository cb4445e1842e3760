/** How many schedules a property is tried on. `PROPERTY_RUNS=20000` looks for what is rare. */
export const propertyRuns = Number(process.env.PROPERTY_RUNS ?? 500);
