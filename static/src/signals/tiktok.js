/** Call a method of the TikTok pixel, or leave it in its queue. */
export const callTiktok = (name) => {
  const ttq = (window.ttq = window.ttq || []);
  if (ttq[name]) ttq[name]();
  else ttq.push([name]);
};
