/** Delete what tools left behind once somebody said no. What knows how comes with the settings, from the cache mostly. */
parts.push(({ config, api, asked }) => {
  const clean = async () => {
    if (asked().length || config.optional.every(({ id }) => api.allows(id))) return;
    (await import(config.dialog)).cleanUp({ allows: api.allows, own: config.name });
  };
  api.on("change", clean);
  clean();
});
