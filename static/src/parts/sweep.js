/** Delete what tools left behind while the site still asked: nothing of it can be allowed any more. */
parts.push(async ({ config, api }) => (await import(config.dialog)).cleanUp({ allows: api.allows, own: config.name }));
