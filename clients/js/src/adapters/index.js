export { forGoogle } from "./google.js";
export { forMatomo } from "./matomo.js";
export { forMeta } from "./meta.js";
export { forPosthog } from "./posthog.js";
export { forRudderstack } from "./rudderstack.js";
export { forSegment, segmentPreferences } from "./segment.js";
export { forSnowplow, snowplowPreferences } from "./snowplow.js";
export { verdictsOf } from "./verdicts.js";
