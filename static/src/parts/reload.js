/** Load the page anew once something is taken back: a tool that ran cannot be stopped in any other way. */
parts.push(({ config, api }) => {
  const allowed = () => config.optional.map(({ id }) => id).filter((id) => api.allows(id));
  let before = allowed();
  api.on("change", () => {
    const now = allowed();
    // What is not sent yet is kept, and sent by the page that comes.
    if (before.some((id) => !now.includes(id))) location.reload();
    before = now;
  });
});
