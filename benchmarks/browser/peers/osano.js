/* global cookieconsent */
import texts from "texts";

addEventListener("load", () =>
  cookieconsent.initialise({
    type: "opt-in",
    layout: "basic-header",
    palette: {
      popup: { background: "#ffffff", text: "#1b232d" },
      button: { background: "#22303f", text: "#ffffff" },
      highlight: { background: "#22303f", text: "#ffffff" },
    },
    content: {
      header: texts.heading,
      message: `${texts.intro} ${texts.purposes.map(({ title }) => title).join(" · ")}`,
      allow: texts.accept,
      deny: texts.reject,
      link: texts.privacy,
      href: texts.policy,
    },
  }),
);
