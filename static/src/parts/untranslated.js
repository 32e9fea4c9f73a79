/** Say that standard texts are not in the page's language: somebody can translate them. */
parts.push(({ config }) => console.warn(`consent: standard texts are not translated into ${config.locale}`));
