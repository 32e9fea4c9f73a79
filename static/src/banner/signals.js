/** Tell whether the browser sends Global Privacy Control. */
export const hasGpc = ({ globalPrivacyControl }) => globalPrivacyControl === true;
