import { follow } from "../signals/follow.js";
import { callMeta, LIMITED } from "../signals/meta.js";

follow("meta", ({ consent, limited_data_use }) => {
  // What was not mapped is no business of ours; no options at all lift the limit.
  if (limited_data_use === true) callMeta("dataProcessingOptions", []);
  if (limited_data_use === false) callMeta(...LIMITED);
  callMeta("consent", consent ? "grant" : "revoke");
});
