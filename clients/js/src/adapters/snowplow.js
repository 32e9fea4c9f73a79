import { allows, isObject, standing, without } from "./verdicts.js";

const SCHEMAS = "iglu:com.snowplowanalytics.snowplow";
const CONTEXTS = `${SCHEMAS}/contexts/jsonschema/1-0-1`;
const GDPR = `${SCHEMAS}/gdpr/jsonschema/1-0-0`;
const PREFERENCES = `${SCHEMAS}/consent_preferences/jsonschema/1-0-0`;

/** An answer by its verdicts, the first that applies: any of them is enough. */
const DENIALS = { withdrawn: "withdrawn", expired: "expired", missing: "pending" };
const IMPLICIT = ["default", "uncontested"];
const SAID = ["granted", "refused", "objected", ...IMPLICIT, ...Object.keys(DENIALS)];

const decoded = (text) => {
  const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
};

/** Return the entities of an event, written in either way; damaged ones are lost. */
const entitiesOf = ({ co, cx }) =>
  [() => co, () => decoded(cx)].flatMap((read) => {
    try {
      return JSON.parse(read()).data.filter(isObject);
    } catch {
      return [];
    }
  });

/** Return an event of the tracker protocol with the basis that it is sent on. */
export const forSnowplow = (event, verdicts, purpose) => {
  if (!allows(verdicts, purpose)) return null;
  const basisForProcessing = verdicts[purpose].reason === "granted" ? "consent" : "legitimate_interests";
  const entities = entitiesOf(event).filter(({ schema }) => schema !== GDPR);
  const contexts = { schema: CONTEXTS, data: [...entities, { schema: GDPR, data: { basisForProcessing } }] };
  return { ...without(event, ["cx"]), co: JSON.stringify(contexts) };
};

const eventType = (verdicts) => {
  const reasons = verdicts.map(({ reason }) => reason);
  if (!reasons.length || !reasons.every((reason) => SAID.includes(reason))) return null;
  if (verdicts.some(({ allowed }) => allowed)) {
    if (reasons.every((reason) => IMPLICIT.includes(reason))) return "implicit_consent";
    return verdicts.every(({ allowed }) => allowed) ? "allow_all" : "allow_selected";
  }
  const denial = Object.keys(DENIALS).find((reason) => reasons.includes(reason));
  return denial ? DENIALS[denial] : "deny_all";
};

/** Return the self-describing event that tells an answer to Snowplow, or null if the verdicts tell none. */
export const snowplowPreferences = (verdicts, signals, { notice, url, domains }) => {
  const purposes = Object.values(signals).filter(Boolean);
  if (!purposes.every((purpose) => Object.hasOwn(verdicts, purpose))) return null;
  const asked = purposes.map((purpose) => verdicts[purpose]);
  const type = eventType(asked.filter(({ reason }) => reason !== "necessary"));
  if (!type) return null;
  const scopes = Object.entries(standing(signals, verdicts)).filter(([, isOn]) => isOn);
  return {
    schema: PREFERENCES,
    data: {
      eventType: type,
      basisForProcessing: "consent",
      consentUrl: url,
      consentVersion: String(notice),
      consentScopes: scopes.length ? scopes.map(([scope]) => scope) : ["necessary"],
      domainsApplied: [...domains],
    },
  };
};
