/** Complete the server's configuration with what follows from it and from the script's address. */
export const complete = (raw, scriptUrl) => {
  const base = new URL("..", scriptUrl).href.slice(0, -1);
  return {
    ...raw,
    name: `consent_${raw.site}`,
    api: `${base}/v1/${raw.site}/`,
    preferences: `${base}/${raw.site}/preferences?lang=${raw.locale}`,
    dialog: base + raw.dialog,
    optional: raw.purposes.filter(({ basis }) => basis !== "exempt"),
  };
};

/** Return the purpose of that id if the vendor, where one is named, acts for it. */
export const findPurpose = ({ purposes }, id, vendor) =>
  purposes.find((purpose) => purpose.id === id && (!vendor || purpose.vendors.includes(vendor)));

/** Return the vendor of that id, if it is one. */
export const findVendor = ({ vendors }, id) => (id in vendors ? { id, number: vendors[id] } : undefined);
